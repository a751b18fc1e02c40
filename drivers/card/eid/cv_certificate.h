#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/clock.h"
#include "drivers/card/eid/fault.h"
#include "drivers/card/eid/rights.h"

namespace mailroom::card {

/// A card verifiable certificate (BSI TR-03110-3 C.1) of the authentication terminals' kind.
struct CvCertificate {
  Bytes object;    ///< the whole object 7F21
  Bytes content;   ///< its value, as PSO: Verify Certificate takes it
  std::string authority;  ///< certification authority reference
  std::string holder;     ///< certificate holder reference
  Bytes signature_scheme;  ///< content of the key's object identifier
  Rights rights;
  std::chrono::sys_days effective{};
  std::chrono::sys_days expires{};  ///< the last day it may be used on, UTC
  std::optional<Bytes> description_digest = {};
  std::vector<Bytes> sector_digests = {};  ///< of keys for restricted identification
};

/// Reads one; does not check its signature. Errc::corrupt.
Result<CvCertificate> read_cv_certificate(ByteView object);

/// What a terminal shows to cards.
struct TerminalChain {
  CvCertificate anchor;    ///< the CVCA's own
  CvCertificate verifier;  ///< the document verifier's
  CvCertificate terminal;
  Bytes description = {};  ///< certificate description (TR-03110-4 §2.2.6), whose digest the certificate holds

  /// What the card will grant: the rights all three agree on.
  [[nodiscard]] Rights rights() const;
};

/// Checks roles, references, days and the description, before a card is asked; signatures are checked by
/// check_cv_signatures(). Faults: certificate_chain, certificate_not_yet_valid, certificate_expired.
EidResult<void> check_chain(const TerminalChain& chain, Timestamp now);

}  // namespace mailroom::card
