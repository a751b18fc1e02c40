#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/invoice/paper/layout.h"

namespace mailroom::invoice {

/// What a printed label announces.
enum class LabelKind {
  number,      ///< of the invoice
  date,        ///< of the invoice
  other_date,  ///< an order's, a delivery's: never the invoice's
  delivery_date,
  due_date,
  skonto_date,
  order_number,
  customer_number,
  buyer_reference,  ///< Leitweg-ID
  voucher_number,   ///< Kassenzeichen
  vat_id,
  tax_number,
  iban,
  bic,
  seller,
  buyer,
  other_number,  ///< a number that is none of the above: telephone, GTIN, register, account
};

/// A label found on the page.
struct Label {
  LabelKind kind;
  std::size_t first = 0;  ///< index of its first word in Layout::words
  std::size_t last = 0;
};

/// All labels in the order of the words. Longer ones win: "Rechnungsnummer" holds no "Rechnung".
std::vector<Label> find_labels(const Layout& layout);

/// What an amount is called.
enum class AmountRole { none, line_total, net, vat, gross, payable, prepaid, adjustment };

/// Tells it from the words before or above the amount.
AmountRole amount_role(std::string_view phrase);

}  // namespace mailroom::invoice
