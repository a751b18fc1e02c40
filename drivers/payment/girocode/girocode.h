#pragma once

#include <string>

#include "daemon/base/result.h"

namespace mailroom::payment {

/// A transfer in euros that a phone fills in.
struct Transfer {
  std::string to;  ///< name of the account's holder, 1 to 70 characters
  std::string iban;
  std::string bic;  ///< may be empty within the EEA
  int cents = 0;
  std::string purpose;  ///< at most 140 characters
};

/// The text of a GiroCode (EPC069-12, version 002, UTF-8); a creditor's reference (ISO 11649, "RF..") stands as such,
/// everything else as free text. Errc::invalid_input names what does not fit: a wrong check digit of the IBAN, no
/// amount. Reentrant.
Result<std::string> girocode(const Transfer& transfer);

}  // namespace mailroom::payment
