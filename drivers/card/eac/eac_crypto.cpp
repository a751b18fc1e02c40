#include "drivers/card/eac/eac_crypto.h"

#include <eac/ca.h>
#include <eac/eac.h>
#include <eac/pace.h>
#include <eac/ta.h>
#include <openssl/err.h>
#include <openssl/objects.h>

#include <mutex>

#include "drivers/card/eac/buffer.h"

namespace mailroom::card {
namespace {

void initialise_once() {
  static std::once_flag done;
  std::call_once(done, [] { EAC_init(); });
}

Bytes identifier_of(int nid) {
  const ASN1_OBJECT* object = OBJ_nid2obj(nid);
  if (object == nullptr) return {};
  const unsigned char* content = OBJ_get0_data(object);
  return Bytes(content, content + OBJ_length(object));
}

struct PasswordDeleter {
  void operator()(PACE_SEC* secret) const noexcept { PACE_SEC_clear_free(secret); }
};

bool is_elliptic(EVP_PKEY* key) { return key != nullptr && EVP_PKEY_get_base_id(key) == EVP_PKEY_EC; }

/// EF.CardAccess comes from anybody. libeac takes one without domain parameters and crashes on it later.
bool is_complete(const EAC_CTX* context) {
  return context->pace_ctx != nullptr && is_elliptic(context->pace_ctx->static_key) &&
         context->pace_ctx->ka_ctx != nullptr && context->ca_ctx != nullptr && context->ca_ctx->ka_ctx != nullptr &&
         is_elliptic(context->ca_ctx->ka_ctx->key);
}

/// Comp() of TR-03110-3 A.2.2.3 for curves: the first coordinate with all its octets. EAC_Comp() of libeac 1.1.2 drops
/// leading zeros, which makes one reading in a hundred fail.
Result<Bytes> compressed(ByteView point) {
  constexpr std::uint8_t kUncompressed = 0x04;
  if (point.size() < 3 || point.size() % 2 == 0 || point[0] != kUncompressed)
    return fail(Errc::corrupt, "a public key is no uncompressed point");
  const ByteView x = point.subspan(1, point.size() / 2);
  return Bytes(x.begin(), x.end());
}

/// Secure messaging by the keys that are switched on in the context.
class EacCipher final : public SessionCipher {
 public:
  explicit EacCipher(std::shared_ptr<eac_ctx> context) : context_(std::move(context)) {}

  Result<void> count() override {
    if (EAC_increment_ssc(context_.get()) != 1) return fail_eac(Errc::io, "cannot count messages to the card");
    return {};
  }
  Result<Bytes> encrypt(ByteView data) override {
    const auto in = buffer_of(data);
    return bytes_of(Buffer(EAC_encrypt(context_.get(), in.get())), Errc::io, "cannot encrypt for the card");
  }
  Result<Bytes> decrypt(ByteView data) override {
    const auto in = buffer_of(data);
    return bytes_of(Buffer(EAC_decrypt(context_.get(), in.get())), Errc::corrupt,
                    "the card's answer cannot be decrypted");
  }
  Result<Bytes> checksum(ByteView data) override {
    const auto in = buffer_of(data);
    return bytes_of(Buffer(EAC_authenticate(context_.get(), in.get())), Errc::io,
                    "cannot protect a message to the card");
  }

 private:
  std::shared_ptr<eac_ctx> context_;
};

}  // namespace

Result<EacCrypto> EacCrypto::begin(ByteView card_access) {
  initialise_once();
  std::shared_ptr<eac_ctx> context(EAC_CTX_new(), [](EAC_CTX* old) { EAC_CTX_clear_free(old); });
  if (!context) return fail_eac(Errc::io, "cannot prepare the cryptography for the card");
  const bool known = EAC_CTX_init_ef_cardaccess(card_access.data(), card_access.size(), context.get()) == 1 &&
                     is_complete(context.get());
  ERR_clear_error();
  if (!known) return fail(Errc::unsupported, "the card offers no PACE or chip authentication that is known here");
  // CA_get_pubkey() is only ever given what has been verified by OpenSSL: libeac itself skips the check.
  CA_disable_passive_authentication(context.get());
  return EacCrypto(std::move(context));
}

Bytes EacCrypto::pace_protocol() const { return identifier_of(context_->pace_ctx->protocol); }
Bytes EacCrypto::chip_protocol() const { return identifier_of(context_->ca_ctx->protocol); }

Result<void> EacCrypto::open_nonce(PasswordKind kind, const std::string& password, ByteView encrypted) {
  const std::unique_ptr<PACE_SEC, PasswordDeleter> secret(
      PACE_SEC_new(password.data(), password.size(), static_cast<s_type>(kind)));
  const auto in = buffer_of(encrypted);
  if (!secret || PACE_STEP2_dec_nonce(context_.get(), secret.get(), in.get()) != 1)
    return fail_eac(Errc::corrupt, "the card's nonce cannot be read");
  return {};
}

Result<Bytes> EacCrypto::mapping_key() {
  return bytes_of(Buffer(PACE_STEP3A_generate_mapping_data(context_.get())), Errc::io, "cannot make a mapping key");
}

Result<void> EacCrypto::map(ByteView card_mapping_key) {
  const auto in = buffer_of(card_mapping_key);
  if (PACE_STEP3A_map_generator(context_.get(), in.get()) != 1)
    return fail_eac(Errc::corrupt, "the card's mapping key is no point of its curve");
  return {};
}

Result<Bytes> EacCrypto::agreement_key() {
  return bytes_of(Buffer(PACE_STEP3B_generate_ephemeral_key(context_.get())), Errc::io,
                  "cannot make a key for the card");
}

Result<void> EacCrypto::agree(ByteView card_agreement_key) {
  card_agreement_key_.assign(card_agreement_key.begin(), card_agreement_key.end());
  const auto in = buffer_of(card_agreement_key);
  if (PACE_STEP3B_compute_shared_secret(context_.get(), in.get()) != 1 ||
      PACE_STEP3C_derive_keys(context_.get()) != 1)
    return fail_eac(Errc::corrupt, "the card's key is no point of its curve");
  return {};
}

Result<Bytes> EacCrypto::token() {
  const auto in = buffer_of(card_agreement_key_);
  return bytes_of(Buffer(PACE_STEP3D_compute_authentication_token(context_.get(), in.get())), Errc::io,
                  "cannot make the token for the card");
}

Result<void> EacCrypto::check_token(ByteView card_token) {
  const auto in = buffer_of(card_token);
  if (PACE_STEP3D_verify_authentication_token(context_.get(), in.get()) != 1)
    return fail_eac(Errc::refused, "the card could not prove that it knows the password");
  return {};
}

Result<Bytes> EacCrypto::card_id() { return compressed(card_agreement_key_); }

Result<std::unique_ptr<SessionCipher>> EacCrypto::cipher(int id) {
  if (EAC_CTX_set_encryption_ctx(context_.get(), id) != 1)
    return fail_eac(Errc::io, "cannot switch to the keys agreed with the card");
  return std::make_unique<EacCipher>(context_);
}

Result<std::unique_ptr<SessionCipher>> EacCrypto::pace_cipher() { return cipher(EAC_ID_PACE); }

Result<Bytes> EacCrypto::make_chip_key(ByteView anchor) {
  if (EAC_CTX_init_ta(context_.get(), nullptr, 0, anchor.data(), anchor.size()) != 1)
    return fail_eac(Errc::corrupt, "the CVCA certificate cannot be used");
  if (!Buffer(TA_STEP3_generate_ephemeral_key(context_.get())))
    return fail_eac(Errc::io, "cannot make a key for chip authentication");
  MAILROOM_TRY(const Bytes key, chip_key());
  return compressed(key);
}

Result<Bytes> EacCrypto::chip_key() {
  return bytes_of(Buffer(CA_STEP2_get_eph_pubkey(context_.get())), Errc::io,
                  "there is no key for chip authentication");
}

Result<std::unique_ptr<SessionCipher>> EacCrypto::check_chip(ByteView card_security, ByteView nonce,
                                                             ByteView token) {
  const Buffer card_key(CA_get_pubkey(context_.get(), card_security.data(), card_security.size()));
  if (!card_key) return fail_eac(Errc::corrupt, "EF.CardSecurity holds no key for chip authentication");
  if (CA_STEP4_compute_shared_secret(context_.get(), card_key.get()) != 1)
    return fail_eac(Errc::corrupt, "the card's key for chip authentication is no point of its curve");
  const auto nonce_buffer = buffer_of(nonce), token_buffer = buffer_of(token);
  if (CA_STEP6_derive_keys(context_.get(), nonce_buffer.get(), token_buffer.get()) != 1)
    return fail_eac(Errc::refused, "the chip is not the one its data were signed for");
  return cipher(EAC_ID_CA);
}

}  // namespace mailroom::card
