#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mailroom::invoice {

/// How much a finding weighs. The names are persistent: "fatal", "warning", "information".
enum class Severity { fatal, warning, information };
std::string_view name_of(Severity severity);

/// What a rule says about an invoice. Rule ids: those of EN 16931 ("BR-CO-10"), of XRechnung ("BR-DE-15") and
/// of the syntax bindings ("UBL-DT-01"); ours begin with "MR-" (docs/invoice-rules.md).
struct Finding {
  std::string rule;
  Severity severity = Severity::fatal;
  std::string place;  ///< "BG-25 Rechnungsposition, Zeile 214", or empty for the invoice as a whole
  std::string text;   ///< German, for accountants
};

}  // namespace mailroom::invoice
