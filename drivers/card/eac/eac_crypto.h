#pragma once

#include <memory>
#include <string>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"
#include "drivers/card/apdu/secure_messaging.h"
#include "drivers/card/card_reader.h"

struct eac_ctx;

namespace mailroom::card {

/// The terminal's cryptography of one run of the General Authentication Procedure (BSI TR-03110-2 §3), by
/// libeac. The order of calls is that of the protocol; one out of order is a bug of ours and refused by libeac.
/// A failure that the card caused is Errc::refused (it could not prove something) or corrupt. Move-only,
/// thread-bound.
class EacCrypto {
 public:
  /// Takes the protocols and curves from EF.CardAccess. Errc::unsupported when libeac knows none of them.
  static Result<EacCrypto> begin(ByteView card_access);

  [[nodiscard]] Bytes pace_protocol() const;  ///< content of the object identifier
  [[nodiscard]] Bytes chip_protocol() const;

  // PACE, TR-03110-2 §3.2, TR-03110-3 B.1. Points are uncompressed.
  Result<void> open_nonce(PasswordKind kind, const std::string& password, ByteView encrypted);
  Result<Bytes> mapping_key();
  Result<void> map(ByteView card_mapping_key);
  Result<Bytes> agreement_key();
  Result<void> agree(ByteView card_agreement_key);
  Result<Bytes> token();
  /// Errc::refused when the card's token is wrong: the password was, or it does not know it.
  Result<void> check_token(ByteView card_token);
  /// Comp(ephemeral key of the card), which terminal authentication signs.
  Result<Bytes> card_id();
  Result<std::unique_ptr<SessionCipher>> pace_cipher();

  // The key pair of chip authentication, TR-03110-2 §3.3, §3.4. `anchor` is the CVCA certificate.
  Result<Bytes> make_chip_key(ByteView anchor);   ///< compressed, as terminal authentication signs it
  Result<Bytes> chip_key();                       ///< the same key, uncompressed
  /// Errc::refused when the chip cannot prove that it holds the private key to what is in EF.CardSecurity,
  /// whose signature must have been verified before.
  Result<std::unique_ptr<SessionCipher>> check_chip(ByteView card_security, ByteView nonce, ByteView token);

 private:
  explicit EacCrypto(std::shared_ptr<eac_ctx> context) : context_(std::move(context)) {}
  Result<std::unique_ptr<SessionCipher>> cipher(int id);

  std::shared_ptr<eac_ctx> context_;  ///< shared with the ciphers
  Bytes card_agreement_key_;
};

}  // namespace mailroom::card
