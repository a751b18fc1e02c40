#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/invoice/model/invoice.h"
#include "daemon/invoice/rules/finding.h"

namespace mailroom::invoice {

/// Formal validity alone: whether the rules of the standard that the invoice names are kept. `unknown` when
/// no rules here can tell: a file that is no invoice, or a profile that is no whole invoice.
enum class Verdict { valid, invalid, unknown };
std::string_view name_of(Verdict verdict);

/// Which standard an invoice says it follows (BT-24).
enum class Profile { en16931, xrechnung, factur_x_minimum, factur_x_basic_wl, zugferd_1, other };
Profile profile_of(const Invoice& invoice);

struct Report {
  std::vector<Finding> findings;
  Verdict verdict = Verdict::unknown;
};

/// Checks an invoice by the rules of EN 16931 (CEN 1.3.16) and, when it names XRechnung, those of
/// XRechnung 3.0; adds what only we look at: check digits, differences below the rules' tolerances (all
/// warnings). Pure, reentrant.
Report check_invoice(const Invoice& invoice);

/// True when no person needs to look for formal reasons: valid, and no finding about check digits or cents.
bool passes_alone(const Report& report);

}  // namespace mailroom::invoice
