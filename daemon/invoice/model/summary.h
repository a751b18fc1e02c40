#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/invoice/model/invoice.h"

namespace mailroom::invoice {

/// One offer of a discount for early payment.
struct CashDiscount {
  int days = 0;  ///< after the invoice date
  Decimal percent;
  std::optional<Decimal> base = {};  ///< of which amount; the payable amount when there is none
};

/// Reads the Skonto lines of BT-20 as XRechnung writes them ("#SKONTO#TAGE=14#PROZENT=2.00#"); what is not
/// written like that is text for people.
std::vector<CashDiscount> cash_discounts(std::string_view payment_terms);

}  // namespace mailroom::invoice
