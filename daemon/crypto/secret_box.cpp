#include "daemon/crypto/secret_box.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <array>

#include "daemon/crypto/digest.h"
#include "daemon/crypto/openssl_error.h"

namespace mailroom {
namespace {

constexpr std::size_t kNonce = 12;
constexpr std::size_t kTag = 16;

using Key = std::array<unsigned char, 32>;
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, OpensslDeleter<&EVP_CIPHER_CTX_free>>;

/// A key that is gone from memory with its scope.
struct DerivedKey {
  DerivedKey(ByteView secret, std::string_view salt, std::string_view info) {
    const std::unique_ptr<EVP_KDF, OpensslDeleter<&EVP_KDF_free>> kdf(
        EVP_KDF_fetch(nullptr, "HKDF", nullptr));
    const std::unique_ptr<EVP_KDF_CTX, OpensslDeleter<&EVP_KDF_CTX_free>> context(EVP_KDF_CTX_new(kdf.get()));
    std::string digest = "SHA256";
    // OpenSSL's parameters are not const, though it only reads them.
    const auto octets = [](const char* name, const void* data, std::size_t size) {
      return OSSL_PARAM_construct_octet_string(name, const_cast<void*>(data), size);
    };
    const std::array<OSSL_PARAM, 5> parameters = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), digest.size()),
        octets(OSSL_KDF_PARAM_KEY, secret.data(), secret.size()),
        octets(OSSL_KDF_PARAM_SALT, salt.data(), salt.size()),
        octets(OSSL_KDF_PARAM_INFO, info.data(), info.size()), OSSL_PARAM_construct_end()};
    require(context && EVP_KDF_derive(context.get(), key.data(), key.size(), parameters.data()) == 1, "HKDF");
  }
  ~DerivedKey() { OPENSSL_cleanse(key.data(), key.size()); }
  DerivedKey(const DerivedKey&) = delete;
  DerivedKey& operator=(const DerivedKey&) = delete;

  Key key{};
};

}  // namespace

Result<Bytes> shut_away(ByteView content, ByteView secret, std::string_view salt, std::string_view info) {
  const DerivedKey derived(secret, salt, info);
  Bytes box = random_bytes(kNonce);
  box.resize(kNonce + content.size() + kTag);
  const Cipher cipher(EVP_CIPHER_CTX_new());
  int written = 0;
  const bool worked =
      cipher &&
      EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, derived.key.data(), box.data()) == 1 &&
      EVP_EncryptUpdate(cipher.get(), box.data() + kNonce, &written, content.data(), int(content.size())) ==
          1 &&
      EVP_EncryptFinal_ex(cipher.get(), box.data() + kNonce + written, &written) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, int(kTag),
                          box.data() + kNonce + content.size()) == 1;
  if (!worked) return fail_openssl(Errc::io, "the content could not be encrypted");
  return box;
}

Result<Bytes> open_with(ByteView box, ByteView secret, std::string_view salt, std::string_view info) {
  if (box.size() < kNonce + kTag) return fail(Errc::refused, "this is not shut away as it should be");
  const DerivedKey derived(secret, salt, info);
  Bytes content(box.size() - kNonce - kTag);
  Bytes tag(box.end() - kTag, box.end());
  const Cipher cipher(EVP_CIPHER_CTX_new());
  int written = 0;
  const bool opened =
      cipher &&
      EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, derived.key.data(), box.data()) == 1 &&
      EVP_DecryptUpdate(cipher.get(), content.data(), &written, box.data() + kNonce, int(content.size())) ==
          1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, int(kTag), tag.data()) == 1 &&
      EVP_DecryptFinal_ex(cipher.get(), content.data() + written, &written) == 1;
  if (!opened) return fail(Errc::refused, "it is shut away with another secret, or was changed");
  return content;
}

}  // namespace mailroom
