#include "drivers/virtual/card/crypto/session_keys.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <stdexcept>

#include "drivers/card/apdu/tlv.h"
#include "drivers/virtual/card/crypto/curve.h"

namespace mailroom::card {
namespace {

constexpr std::size_t kKeyOctets = 16;
constexpr std::size_t kTokenOctets = 8;
constexpr std::size_t kBlock = 16;

void must(bool worked) {
  if (!worked) throw std::runtime_error("OpenSSL cannot compute AES");
}

Bytes first(Bytes bytes, std::size_t count) {
  bytes.resize(count);
  return bytes;
}

Bytes derive_key(ByteView secret, ByteView nonce, std::uint8_t counter) {
  const Bytes input = joined(joined({secret.begin(), secret.end()}, nonce), Bytes{0, 0, 0, counter});
  Bytes digest(20);
  must(EVP_Digest(input.data(), input.size(), digest.data(), nullptr, EVP_sha1(), nullptr) == 1);
  return first(std::move(digest), kKeyOctets);
}

class AesCipher final : public SessionCipher {
 public:
  explicit AesCipher(SessionKeys keys) : keys_(std::move(keys)), counter_(kBlock) {}

  Result<void> count() override {
    for (auto octet = counter_.rbegin(); octet != counter_.rend(); ++octet) {
      if (++*octet != 0) break;
    }
    return {};
  }
  Result<Bytes> encrypt(ByteView data) override { return aes_cbc(keys_.encryption, vector(), data, true); }
  Result<Bytes> decrypt(ByteView data) override { return aes_cbc(keys_.encryption, vector(), data, false); }
  Result<Bytes> checksum(ByteView data) override {
    return first(aes_cmac(keys_.checksum, joined(counter_, data)), kTokenOctets);
  }

 private:
  [[nodiscard]] Bytes vector() const { return aes_cbc(keys_.encryption, Bytes(kBlock), counter_, true); }

  SessionKeys keys_;
  Bytes counter_;
};

}  // namespace

SessionKeys SessionKeys::derive(ByteView secret, ByteView nonce) {
  return {derive_key(secret, nonce, 1), derive_key(secret, nonce, 2)};
}

Bytes SessionKeys::token(ByteView protocol, ByteView point) const {
  return first(aes_cmac(checksum, curve::short_public_key(protocol, point)), kTokenOctets);
}

std::unique_ptr<SessionCipher> SessionKeys::cipher() const { return std::make_unique<AesCipher>(*this); }

Bytes password_key(ByteView password) { return derive_key(password, {}, 3); }

Bytes aes_cbc(ByteView key, ByteView iv, ByteView data, bool encrypt) {
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  Bytes out(data.size() + kBlock);
  int size = 0;
  const bool done = context != nullptr &&
                    EVP_CipherInit_ex(context, EVP_aes_128_cbc(), nullptr, key.data(), iv.data(), encrypt ? 1 : 0) == 1 &&
                    EVP_CIPHER_CTX_set_padding(context, 0) == 1 &&
                    EVP_CipherUpdate(context, out.data(), &size, data.data(), int(data.size())) == 1;
  EVP_CIPHER_CTX_free(context);
  must(done && std::size_t(size) == data.size());
  return first(std::move(out), data.size());
}

Bytes aes_cmac(ByteView key, ByteView data) {
  char name[] = "AES-128-CBC";
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, name, 0),
                                   OSSL_PARAM_construct_end()};
  Bytes out(kBlock);
  std::size_t size = 0;
  must(EVP_Q_mac(nullptr, "CMAC", nullptr, nullptr, parameters, key.data(), key.size(), data.data(), data.size(),
                 out.data(), out.size(), &size) != nullptr);
  return out;
}

}  // namespace mailroom::card
