#pragma once

#include <string>
#include <vector>

#include "daemon/crypto/certificate.h"
#include "drivers/card/eid/cv_certificate.h"
#include "drivers/card/eid/reading_mode.h"

namespace mailroom::card {

/// The private key to the terminal's certificate; it stays in its HSM. Thread-bound.
class TerminalKey {
 public:
  virtual ~TerminalKey() = default;
  /// ECDSA with SHA-256 over `message`, as r and s of equal length (BSI TR-03111 §5.2.1, plain).
  virtual Result<Bytes> sign(ByteView message) = 0;
};

/// One terminal: its mode, its certificates, its key, and whom it believes.
struct Terminal {
  ReadingMode mode = ReadingMode::kiosk;
  TerminalChain chain;
  TerminalKey& key;
  std::vector<Certificate> country_signers;  ///< CSCA certificates of passive authentication
  Bytes sector_key = {};  ///< public key data object (7F49) for pseudonyms; empty: none are made
};

/// Checks before any card is asked: chain, days, signatures, and the mode against the certificate: counter needs
/// "CAN allowed", kiosk must not have it.
EidResult<void> check_terminal(const Terminal& terminal, Timestamp now);

}  // namespace mailroom::card
