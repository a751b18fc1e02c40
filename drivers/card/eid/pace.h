#pragma once

#include <string>

#include "drivers/card/eac/eac_crypto.h"
#include "drivers/card/eid/channel.h"
#include "drivers/card/eid/rights.h"

namespace mailroom::card {

/// What PACE leaves behind.
struct PaceOutcome {
  EacCrypto crypto;
  Bytes card_access;
  std::string certificate_authority;  ///< the CVCA the card trusts; empty after PACE without rights
  Bytes card_id;
};

/// What is proven to the card. In a release build only a CAN can be given by software; a PIN is typed at the
/// reader's keypad (eid/software_pin.h is of test builds).
class PacePassword {
 public:
  static PacePassword can(std::string digits) { return {PasswordKind::can, std::move(digits)}; }
  static PacePassword pin_at_keypad() { return {PasswordKind::pin, {}}; }

  [[nodiscard]] PasswordKind kind() const { return kind_; }
  [[nodiscard]] bool at_keypad() const { return digits_.empty(); }
  [[nodiscard]] const std::string& digits() const { return digits_; }

 private:
  friend struct SoftwarePin;
  PacePassword(PasswordKind kind, std::string digits) : kind_(kind), digits_(std::move(digits)) {}

  PasswordKind kind_;
  std::string digits_;
};

/// Runs PACE (TR-03110-2 §3.2, commands in TR-03110-3 B.2) and protects the channel. `asked` are the rights
/// shown to the card; none for PACE that only frees a suspended PIN. Faults: those of passwords, and
/// malformed_answer.
EidResult<PaceOutcome> run_pace(EidChannel& channel, ByteView card_access, const PacePassword& password,
                                const Rights* asked);

/// The same by the reader, which protects what follows (ReaderPaceOrder).
EidResult<PaceOutcome> run_pace_at_reader(EidChannel& channel, const PacePassword& password, const Rights* asked,
                                          ByteView certificate_description);

}  // namespace mailroom::card
