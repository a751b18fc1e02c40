#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "drivers/card/eid/rights.h"
#include "drivers/virtual/card/crypto/curve.h"

namespace mailroom::card {

/// What a made-up authority puts into a card verifiable certificate.
struct CvRequest {
  std::string holder;
  CvRole role = CvRole::terminal;
  Rights rights = {};
  std::chrono::sys_days effective{};
  std::chrono::sys_days expires{};
  std::optional<Bytes> description = {};  ///< the certificate description, whose digest goes in
  std::optional<Bytes> sector_key = {};   ///< public key data object for pseudonyms, likewise
};

/// Somebody of the terminals' certificate hierarchy, with a key of our own. Move-only.
struct CvParty {
  CurveKey key;
  Bytes certificate;  ///< object 7F21
  std::string holder;
};

/// Issues a certificate (BSI TR-03110-3 C.1) in its own writing, so that what the terminal reads and checks was
/// not made by the code that does so. Without `issuer` it signs itself, with all domain parameters.
CvParty issue_cv(const CvRequest& request, const CvParty* issuer);

/// id-TA-ECDSA-SHA-256.
const Bytes& terminal_signature_scheme();

}  // namespace mailroom::card
