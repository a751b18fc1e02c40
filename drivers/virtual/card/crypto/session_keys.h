#pragma once

#include <memory>

#include "daemon/base/bytes.h"
#include "drivers/card/apdu/secure_messaging.h"

namespace mailroom::card {

/// Keys for AES-128-CBC and CMAC derived from a shared secret (BSI TR-03110-3 A.2.3): SHA-1 over secret, nonce and
/// counter, cut to 16 octets.
struct SessionKeys {
  Bytes encryption;
  Bytes checksum;

  static SessionKeys derive(ByteView secret, ByteView nonce = {});
  /// The authentication token over the other side's public key.
  [[nodiscard]] Bytes token(ByteView protocol, ByteView point) const;
  [[nodiscard]] std::unique_ptr<SessionCipher> cipher() const;
};

/// The key that encrypts the nonce of PACE, from the password.
Bytes password_key(ByteView password);

Bytes aes_cbc(ByteView key, ByteView iv, ByteView data, bool encrypt);  ///< whole blocks, no padding
Bytes aes_cmac(ByteView key, ByteView data);                            ///< all 16 octets (RFC 4493)

}  // namespace mailroom::card
