#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "daemon/crypto/certificate.h"

namespace mailroom {

/// What a certificate is for; decides key usage and extended key usage (docs/formats/identities.md).
enum class Purpose { authority, server, client, recipient, signing };

struct CertificateRequest {
  Purpose purpose = Purpose::client;
  std::string organisation;
  std::string site;
  std::string common_name;
  std::vector<std::string> hosts;  ///< subject alternative names: DNS names and IP addresses
  Timestamp not_before{};
  Timestamp not_after{};
};

/// Issues a certificate over `subject_key`'s public part. Without `issuer` it signs itself.
/// Errc::invalid_input when a name does not fit into a certificate.
Result<Certificate> issue_certificate(const CertificateRequest& request, const PrivateKey& subject_key,
                                      const Identity* issuer);

/// The same over the public key of `old`, whose private key may be elsewhere.
Result<Certificate> renew_certificate(const CertificateRequest& request, const Certificate& old,
                                      const Identity& issuer);

}  // namespace mailroom
