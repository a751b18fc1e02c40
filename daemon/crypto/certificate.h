#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "daemon/base/bytes.h"
#include "daemon/base/clock.h"
#include "daemon/base/result.h"

struct evp_pkey_st;
struct x509_st;

namespace mailroom {

struct KeyDeleter {
  void operator()(evp_pkey_st* key) const noexcept;
};
struct CertificateDeleter {
  void operator()(x509_st* certificate) const noexcept;
};

/// A private key. Move-only; safe to use from several threads at once.
class PrivateKey {
 public:
  explicit PrivateKey(std::unique_ptr<evp_pkey_st, KeyDeleter> key) : key_(std::move(key)) {}

  static Result<PrivateKey> generate_ec_p256();
  static Result<PrivateKey> generate_ec_p384();
  static Result<PrivateKey> generate_rsa_3072();

  /// Reads an unencrypted PEM file (PKCS #8). Errc::refused when others than the owner may read it.
  static Result<PrivateKey> read(const std::filesystem::path& file);
  static Result<PrivateKey> from_pem(std::string_view pem);

  [[nodiscard]] std::string pem() const;                            ///< PKCS #8, unencrypted; a secret
  [[nodiscard]] evp_pkey_st* handle() const { return key_.get(); }  ///< for this room

 private:
  std::unique_ptr<evp_pkey_st, KeyDeleter> key_;
};

/// An X.509 certificate. Move-only; safe to use from several threads at once.
class Certificate {
 public:
  explicit Certificate(std::unique_ptr<x509_st, CertificateDeleter> certificate)
      : certificate_(std::move(certificate)) {}

  static Result<Certificate> read(const std::filesystem::path& file);  ///< the first one in a PEM file
  static Result<Certificate> from_pem(std::string_view pem);

  [[nodiscard]] std::string pem() const;
  [[nodiscard]] std::string subject() const;      ///< RFC 4514, UTF-8: "CN=ecm,OU=marburg,O=..."
  [[nodiscard]] std::string common_name() const;  ///< empty when there is none
  [[nodiscard]] std::string fingerprint() const;  ///< SHA-256 of the DER form, lower-case hex
  [[nodiscard]] Timestamp not_before() const;
  [[nodiscard]] Timestamp not_after() const;

  /// True when the subject alternative names hold `host` (a DNS name or an IP address as text).
  [[nodiscard]] bool is_for_host(const std::string& host) const;
  [[nodiscard]] bool belongs_to(const PrivateKey& key) const;
  [[nodiscard]] bool is_issued_by(const Certificate& issuer) const;  ///< checks the signature, not the time
  [[nodiscard]] x509_st* handle() const { return certificate_.get(); }  ///< for this room

 private:
  std::unique_ptr<x509_st, CertificateDeleter> certificate_;
};

/// Somebody who can sign or decrypt: a key and the certificate that belongs to it.
struct Identity {
  PrivateKey key;
  Certificate certificate;
};

/// Reads `name`.key and `name`.pem from `folder`. Errc::corrupt when they do not belong together.
Result<Identity> read_identity(const std::filesystem::path& folder, const std::string& name);

}  // namespace mailroom
