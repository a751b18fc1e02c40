#include "daemon/crypto/token_signature.h"

#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>

#include "daemon/crypto/openssl_error.h"

namespace mailroom {
namespace {

using EcSignature = std::unique_ptr<ECDSA_SIG, OpensslDeleter<&ECDSA_SIG_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, OpensslDeleter<&EVP_MD_CTX_free>>;

/// The DER form that OpenSSL verifies.
Result<Bytes> der_of_plain(ByteView plain) {
  if (plain.empty() || plain.size() % 2 != 0 || plain.size() > 256)
    return fail(Errc::refused, "a signature of a token has a wrong length");
  const std::size_t half = plain.size() / 2;
  const EcSignature pair(ECDSA_SIG_new());
  require(pair && ECDSA_SIG_set0(pair.get(), BN_bin2bn(plain.data(), int(half), nullptr),
                                 BN_bin2bn(plain.data() + half, int(half), nullptr)) == 1,
          "hold a signature");
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &der);
  require(size > 0, "write a signature");
  Bytes bytes(der, der + size);
  OPENSSL_free(der);
  return bytes;
}

}  // namespace

Result<Certificate> certificate_from_der(ByteView der) {
  const unsigned char* next = der.data();
  std::unique_ptr<X509, CertificateDeleter> certificate(d2i_X509(nullptr, &next, long(der.size())));
  if (!certificate || next != der.data() + der.size()) {
    ERR_clear_error();
    return fail(Errc::corrupt, "these bytes are no certificate");
  }
  return Certificate(std::move(certificate));
}

Result<void> verify_token_signature(const Certificate& certificate, ByteView message, ByteView signature,
                                    std::string_view scheme) {
  EVP_PKEY* key = X509_get0_pubkey(certificate.handle());
  const int kind = key == nullptr ? EVP_PKEY_NONE : EVP_PKEY_get_base_id(key);
  const bool plain = scheme == "ecdsa_plain" && kind == EVP_PKEY_EC;
  if (!plain && !(scheme == "rsa_pkcs1" && kind == EVP_PKEY_RSA))
    return fail(Errc::unsupported, "the token's key or its way to sign is not supported");
  Bytes octets(signature.begin(), signature.end());
  if (plain) {
    MAILROOM_TRY(octets, der_of_plain(signature));
  }
  const Digest context(EVP_MD_CTX_new());
  const bool good = context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
                    EVP_DigestVerify(context.get(), octets.data(), octets.size(), message.data(), message.size()) == 1;
  ERR_clear_error();
  if (!good) return fail(Errc::refused, "the signature is not one of the certificate's key over this challenge");
  return {};
}

}  // namespace mailroom
