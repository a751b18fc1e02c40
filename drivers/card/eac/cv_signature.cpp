#include "drivers/card/eac/cv_signature.h"

#include <eac/cv_cert.h>
#include <eac/eac.h>
#include <openssl/bn.h>
#include <openssl/evp.h>

#include <memory>

#include "drivers/card/eac/buffer.h"

namespace mailroom::card {
namespace {

struct CertificateFree {
  void operator()(CVC_CERT* certificate) const noexcept { CVC_CERT_free(certificate); }
};
struct KeyFree {
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};
struct NumbersFree {
  void operator()(BN_CTX* numbers) const noexcept { BN_CTX_free(numbers); }
};
using CvCertificateHandle = std::unique_ptr<CVC_CERT, CertificateFree>;
using Key = std::unique_ptr<EVP_PKEY, KeyFree>;

CvCertificateHandle read(ByteView object) {
  const unsigned char* next = object.data();
  CvCertificateHandle certificate(CVC_d2i_CVC_CERT(nullptr, &next, long(object.size())));
  if (next != object.data() + object.size()) certificate.reset();
  return certificate;
}

/// The key of `certificate`; one without domain parameters gets those of `above`.
Key key_of(const CvCertificateHandle& certificate, EVP_PKEY* above) {
  const std::unique_ptr<BN_CTX, NumbersFree> numbers(BN_CTX_new());
  Key start(above == nullptr ? nullptr : EVP_PKEY_dup(above));
  EVP_PKEY* key = CVC_pubkey2pkey(certificate.get(), numbers.get(), start.get());
  if (key == start.get()) return start;
  return Key(key);
}

bool is_signed_by(const CvCertificateHandle& certificate, const CvCertificateHandle& issuer, EVP_PKEY* key) {
  const int protocol = OBJ_obj2nid(issuer->body->public_key->oid);
  return CVC_verify_signature(certificate.get(), protocol, key) == 1;
}

}  // namespace

Result<void> check_cv_signatures(ByteView anchor, ByteView document_verifier, ByteView terminal) {
  EAC_init();
  const auto root = read(anchor), middle = read(document_verifier), leaf = read(terminal);
  if (!root || !middle || !leaf) return fail_eac(Errc::corrupt, "a certificate of the terminal cannot be read");
  const Key root_key = key_of(root, nullptr);
  if (!root_key || !is_signed_by(root, root, root_key.get()))
    return fail_eac(Errc::refused, "the CVCA certificate is not signed by itself");
  if (!is_signed_by(middle, root, root_key.get()))
    return fail_eac(Errc::refused, "the document verifier's certificate is not signed by the CVCA");
  const Key middle_key = key_of(middle, root_key.get());
  if (!middle_key || !is_signed_by(leaf, middle, middle_key.get()))
    return fail_eac(Errc::refused, "the terminal's certificate is not signed by the document verifier");
  return {};
}

}  // namespace mailroom::card
