#include "daemon/invoice/rules/xrechnung_ids.h"

#include <regex>

namespace mailroom::invoice::rules {

bool is_plausible_email(const std::string& address) {
  static const std::regex kAddress("^[^@\\s]+@([^@.\\s]+\\.)+[^@.\\s]+$");
  return address.size() < 1000 && std::regex_search(address, kAddress);
}

void check_price_quantities(Check& check) {
  for (const Group* line : check.lines) {
    for (const Group* price : line->all_groups(29)) {
      const auto quantities = price->all_terms(149);
      if (quantities.size() == 2)
        check.require(Decimal::parse(quantities[0]->value) == Decimal::parse(quantities[1]->value),
                      "BR-TMP-3", "Netto- und Bruttopreis gelten für verschiedene Mengen (BT-149)", *price);
    }
  }
}

}  // namespace mailroom::invoice::rules
