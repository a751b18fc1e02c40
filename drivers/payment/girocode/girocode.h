#pragma once

#include <string>

#include "daemon/base/result.h"

namespace mailroom::payment {

/// A transfer in euros that a phone fills in.
struct Transfer {
  std::string to;       ///< name of the account's holder, UTF-8, 1 to 70 characters
  std::string iban;     ///< blanks may stand in it
  std::string bic;      ///< 8 or 11 characters; may be empty within the EEA
  int cents = 0;        ///< 1 or more
  std::string purpose;  ///< Kassenzeichen: at most 140 characters, or a creditor reference
};

/// The text of a GiroCode: EPC069-12, version 002, UTF-8, at most 331 bytes. A purpose that is a creditor
/// reference by ISO 11649 ("RF..", right by its check digits) stands as such, everything else as free text.
/// Errc::invalid_input names what does not fit, for example a wrong check digit of the IBAN. Reentrant.
///
/// It is to be drawn as a QR code of error correction M, at most version 13 (docs/payment.md).
Result<std::string> girocode(const Transfer& transfer);

/// ISO 11649: "RF", two check digits, 1 to 21 letters and digits.
bool is_creditor_reference(const std::string& text);

}  // namespace mailroom::payment
