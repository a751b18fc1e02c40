#include "daemon/crypto/certificate.h"

#include <openssl/asn1.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <ctime>

#include "daemon/base/durable_file.h"
#include "daemon/crypto/openssl_error.h"
#include "daemon/crypto/secret_file.h"

namespace mailroom {
namespace {

constexpr std::size_t kLargestPem = 1U << 20U;

/// Never asks at a terminal for a pass phrase.
int no_pass_phrase(char*, int, int, void*) {
  return -1;
}

PrivateKey owned(EVP_PKEY* key) {
  require(key != nullptr, "make a key");
  return PrivateKey(std::unique_ptr<EVP_PKEY, KeyDeleter>(key));
}

std::string text_of(const X509_NAME* name, unsigned long flags) {
  const auto bio = writing_bio();
  require(X509_NAME_print_ex(bio.get(), name, 0, flags) >= 0, "print a name");
  return std::string(as_text(bytes_in(bio)));
}

Timestamp time_of(const ASN1_TIME* time) {
  std::tm parts{};
  require(ASN1_TIME_to_tm(time, &parts) == 1, "read a time");
  return std::chrono::time_point_cast<Timestamp::duration>(
      std::chrono::system_clock::from_time_t(::timegm(&parts)));
}

}  // namespace

void KeyDeleter::operator()(evp_pkey_st* key) const noexcept {
  EVP_PKEY_free(key);
}
void CertificateDeleter::operator()(x509_st* certificate) const noexcept {
  X509_free(certificate);
}

Result<PrivateKey> PrivateKey::generate_ec_p256() {
  return owned(EVP_EC_gen("P-256"));
}
Result<PrivateKey> PrivateKey::generate_ec_p384() {
  return owned(EVP_EC_gen("P-384"));
}
Result<PrivateKey> PrivateKey::generate_rsa_3072() {
  return owned(EVP_RSA_gen(3072U));
}

Result<PrivateKey> PrivateKey::from_pem(std::string_view pem) {
  const auto bio = reading_bio(as_bytes(pem));
  std::unique_ptr<EVP_PKEY, KeyDeleter> key(
      PEM_read_bio_PrivateKey(bio.get(), nullptr, no_pass_phrase, nullptr));
  if (!key) return fail_openssl(Errc::corrupt, "not an unencrypted private key in PEM");
  return PrivateKey(std::move(key));
}

Result<PrivateKey> PrivateKey::read(const std::filesystem::path& file) {
  MAILROOM_TRY(const auto pem, read_secret_file(file));
  auto key = from_pem(as_text(pem));
  if (!key) return fail(Errc::corrupt, key.error().what, Place::in_file(file.string()));
  return key;
}

std::string PrivateKey::pem() const {
  const auto bio = writing_bio();
  require(PEM_write_bio_PKCS8PrivateKey(bio.get(), handle(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
          "write a key");
  return std::string(as_text(bytes_in(bio)));
}

Result<Certificate> Certificate::from_pem(std::string_view pem) {
  const auto bio = reading_bio(as_bytes(pem));
  std::unique_ptr<X509, CertificateDeleter> certificate(
      PEM_read_bio_X509(bio.get(), nullptr, no_pass_phrase, nullptr));
  if (!certificate) return fail_openssl(Errc::corrupt, "not a certificate in PEM");
  return Certificate(std::move(certificate));
}

Result<Certificate> Certificate::read(const std::filesystem::path& file) {
  MAILROOM_TRY(const auto pem, read_file(file, kLargestPem));
  auto certificate = from_pem(as_text(pem));
  if (!certificate) return fail(Errc::corrupt, certificate.error().what, Place::in_file(file.string()));
  return certificate;
}

std::string Certificate::pem() const {
  const auto bio = writing_bio();
  require(PEM_write_bio_X509(bio.get(), handle()) == 1, "write a certificate");
  return std::string(as_text(bytes_in(bio)));
}

std::string Certificate::subject() const {
  // RFC 4514, but with umlauts as themselves instead of as escaped bytes.
  return text_of(X509_get_subject_name(handle()), XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
}

std::string Certificate::common_name() const {
  const X509_NAME* name = X509_get_subject_name(handle());
  const int index = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
  if (index < 0) return {};
  unsigned char* utf8 = nullptr;
  const int size = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, index)));
  if (size < 0) return {};
  std::string text(reinterpret_cast<char*>(utf8), std::size_t(size));
  OPENSSL_free(utf8);
  return text;
}

std::string Certificate::fingerprint() const {
  Bytes digest(32);
  unsigned size = 0;
  require(X509_digest(handle(), EVP_sha256(), digest.data(), &size) == 1, "digest a certificate");
  return to_hex(digest);
}

Timestamp Certificate::not_before() const {
  return time_of(X509_get0_notBefore(handle()));
}
Timestamp Certificate::not_after() const {
  return time_of(X509_get0_notAfter(handle()));
}

bool Certificate::is_for_host(const std::string& host) const {
  return X509_check_ip_asc(handle(), host.c_str(), 0) == 1 ||
         X509_check_host(handle(), host.data(), host.size(), X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, nullptr) ==
             1;
}

bool Certificate::belongs_to(const PrivateKey& key) const {
  return EVP_PKEY_eq(X509_get0_pubkey(handle()), key.handle()) == 1;
}

bool Certificate::is_issued_by(const Certificate& issuer) const {
  return X509_verify(handle(), X509_get0_pubkey(issuer.handle())) == 1;
}

Result<Identity> read_identity(const std::filesystem::path& folder, const std::string& name) {
  MAILROOM_TRY(auto certificate, Certificate::read(folder / (name + ".pem")));
  MAILROOM_TRY(auto key, PrivateKey::read(folder / (name + ".key")));
  if (!certificate.belongs_to(key)) {
    return fail(Errc::corrupt, "the key does not belong to the certificate beside it",
                Place::in_file((folder / (name + ".key")).string()),
                "restore both files from the same backup");
  }
  return Identity{std::move(key), std::move(certificate)};
}

}  // namespace mailroom
