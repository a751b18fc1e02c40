#include "daemon/crypto/issue_certificate.h"

#include <arpa/inet.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <memory>

#include "daemon/crypto/digest.h"
#include "daemon/crypto/openssl_error.h"

namespace mailroom {
namespace {

using Owned = std::unique_ptr<X509, CertificateDeleter>;

struct Usage {
  const char* key_usage;
  const char* extended;  ///< or nullptr
};

Usage usage_of(Purpose purpose) {
  switch (purpose) {
    case Purpose::authority: return {"critical,keyCertSign,cRLSign", nullptr};
    case Purpose::server: return {"critical,digitalSignature", "serverAuth"};
    case Purpose::client: return {"critical,digitalSignature", "clientAuth"};
    case Purpose::recipient: return {"critical,digitalSignature,keyEncipherment", "clientAuth"};
    // RFC 9336 document signing; emailProtection beside it because OpenSSL's own `cms -verify`
    // asks for that and an auditor shall be able to use it as it comes.
    case Purpose::signing:
      return {"critical,digitalSignature,nonRepudiation", "1.3.6.1.5.5.7.3.36,emailProtection"};
  }
  return {"", nullptr};
}

bool is_ip_address(const std::string& host) {
  std::uint8_t room[16];
  return ::inet_pton(AF_INET, host.c_str(), room) == 1 || ::inet_pton(AF_INET6, host.c_str(), room) == 1;
}

/// Host names go into OpenSSL's comma-separated extension syntax, so nothing but their own
/// characters may be in them.
bool is_dns_name(const std::string& host) {
  return !host.empty() && host.size() <= 253 &&
         host.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") ==
             std::string::npos;
}

Result<void> add_name(X509_NAME* name, const char* part, const std::string& value) {
  if (value.empty()) return {};
  const auto* bytes = reinterpret_cast<const unsigned char*>(value.data());
  if (X509_NAME_add_entry_by_txt(name, part, MBSTRING_UTF8, bytes, int(value.size()), -1, 0) == 1) return {};
  ERR_clear_error();
  return fail(Errc::invalid_input,
              "this name does not fit into a certificate (64 characters of UTF-8 at most): " + value);
}

void set_time(ASN1_TIME* field, Timestamp time) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
  require(ASN1_TIME_set(field, std::time_t(seconds)) != nullptr, "set a time");
}

/// 126 random bits (RFC 5280 §4.1.2.2 asks for a positive number of at most 20 octets).
void set_random_serial(X509* certificate) {
  auto bytes = random_bytes(16);
  bytes[0] = std::uint8_t((bytes[0] & 0x3FU) | 0x40U);
  const std::unique_ptr<BIGNUM, OpensslDeleter<&BN_free>> number(
      BN_bin2bn(bytes.data(), int(bytes.size()), nullptr));
  require(number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr,
          "set a serial");
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, OpensslDeleter<&X509_EXTENSION_free>> extension(
      X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  require(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "add a certificate extension");
}

Result<std::string> alternative_names(const std::vector<std::string>& hosts) {
  std::string list;
  for (const auto& host : hosts) {
    const bool ip = is_ip_address(host);
    if (!ip && !is_dns_name(host))
      return fail(Errc::invalid_input, "neither a host name nor an IP address: " + host);
    list += (list.empty() ? "" : ",") + std::string(ip ? "IP:" : "DNS:") + host;
  }
  return list;
}

Result<void> add_extensions(X509* certificate, X509* issuer, const CertificateRequest& request) {
  MAILROOM_TRY(const auto names, alternative_names(request.hosts));
  const auto usage = usage_of(request.purpose);
  const bool authority = request.purpose == Purpose::authority;
  add_extension(certificate, issuer, NID_basic_constraints,
                authority ? "critical,CA:TRUE,pathlen:0" : "critical,CA:FALSE");
  add_extension(certificate, issuer, NID_key_usage, usage.key_usage);
  if (usage.extended != nullptr) add_extension(certificate, issuer, NID_ext_key_usage, usage.extended);
  add_extension(certificate, issuer, NID_subject_key_identifier, "hash");
  if (!authority) add_extension(certificate, issuer, NID_authority_key_identifier, "keyid:always");
  if (!names.empty()) add_extension(certificate, issuer, NID_subject_alt_name, names);
  return {};
}

Result<Owned> draft(const CertificateRequest& request, EVP_PKEY* public_key) {
  Owned certificate(X509_new());
  require(certificate != nullptr && X509_set_version(certificate.get(), X509_VERSION_3) == 1,
          "make a certificate");
  set_random_serial(certificate.get());
  set_time(X509_getm_notBefore(certificate.get()), request.not_before);
  set_time(X509_getm_notAfter(certificate.get()), request.not_after);
  X509_NAME* name = X509_get_subject_name(certificate.get());
  MAILROOM_TRY_VOID(add_name(name, "O", request.organisation));
  MAILROOM_TRY_VOID(add_name(name, "OU", request.site));
  MAILROOM_TRY_VOID(add_name(name, "CN", request.common_name));
  require(X509_set_pubkey(certificate.get(), public_key) == 1, "set a public key");
  return certificate;
}

/// The digest that matches the strength of the signing key.
const EVP_MD* digest_for(const PrivateKey& key) {
  return EVP_PKEY_get_bits(key.handle()) == 384 ? EVP_sha384() : EVP_sha256();
}

Result<Certificate> issue(const CertificateRequest& request, EVP_PKEY* public_key, X509* issuer,
                          const PrivateKey& key) {
  MAILROOM_TRY(auto certificate, draft(request, public_key));
  X509* signer = issuer == nullptr ? certificate.get() : issuer;
  require(X509_set_issuer_name(certificate.get(), X509_get_subject_name(signer)) == 1, "name the issuer");
  MAILROOM_TRY_VOID(add_extensions(certificate.get(), signer, request));
  require(X509_sign(certificate.get(), key.handle(), digest_for(key)) > 0, "sign a certificate");
  return Certificate(std::move(certificate));
}

}  // namespace

Result<Certificate> issue_certificate(const CertificateRequest& request, const PrivateKey& subject_key,
                                      const Identity* issuer) {
  if (issuer == nullptr) return issue(request, subject_key.handle(), nullptr, subject_key);
  return issue(request, subject_key.handle(), issuer->certificate.handle(), issuer->key);
}

Result<Certificate> renew_certificate(const CertificateRequest& request, const Certificate& old,
                                      const Identity& issuer) {
  return issue(request, X509_get0_pubkey(old.handle()), issuer.certificate.handle(), issuer.key);
}

}  // namespace mailroom
