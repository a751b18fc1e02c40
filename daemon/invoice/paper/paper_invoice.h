#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/invoice/paper/layout.h"
#include "daemon/invoice/paper/payment_code.h"
#include "daemon/invoice/paper/totals.h"

namespace mailroom::invoice {

/// What a document says it is. Only `invoice` may be paid without a person.
enum class PaperKind {
  invoice,
  credit_note,
  reminder,
  offer,
  delivery_note,
  order_confirmation,
  statement,
  advertisement,
  unknown,
};
std::string_view name_of(PaperKind kind);  ///< persistent: "invoice", "credit_note", ...

/// A value read from paper, with everything a person needs to check it.
struct PaperField {
  std::string name;   ///< one of field_names()
  std::string value;  ///< dates ISO, amounts decimal, codes without spaces
  double confidence = 0;
  std::string source;  ///< "text", "barcode", "computed", "creditor", "person"
  std::string page;    ///< page id, empty when it stands nowhere
  Box box = {};
  bool witnessed =
      false;  ///< something else on the paper bears it out: it stands there twice, or a code says it
};

struct PaperLine {
  std::string position;
  std::string text;
  std::string quantity;    ///< as printed
  std::string unit_price;  ///< decimal
  std::string amount;      ///< decimal
};

/// A name and address as they stand on the paper.
struct PaperParty {
  std::string name;
  std::string street;
  std::string postcode;
  std::string city;
  std::string folded;  ///< all lines of the address, as fold() makes them
  std::string page;
  Box box = {};
};

/// Where to look on the paper of a creditor, learnt from a person's correction: the value stands at this
/// place relative to a label, or to the page when there is none.
struct Anchor {
  std::string field;
  std::string label;  ///< folded words left of or above the value; empty: the place on the page
  double dx = 0;      ///< mm from the label's left bottom, or from the page's left top, to the value's
  double dy = 0;
};

/// All that was read. Depends on the pages alone; nothing here has been decided.
struct PaperInvoice {
  PaperKind kind = PaperKind::unknown;
  double kind_confidence = 0;
  std::vector<PaperField> fields;  ///< one of a name
  Totals totals;
  std::vector<PaperLine> lines;  ///< empty unless they add up to the net or gross amount
  PaperParty seller;
  PaperParty buyer;
  std::vector<PaymentCode> payment_codes;
  std::vector<std::string> ibans;             ///< all that are printed and valid, repaired ones included
  std::vector<std::string> vat_ids;           ///< all that are printed, valid ones first
  std::vector<std::string> other_currencies;  ///< besides EUR: "CHF", ...
  std::vector<std::string> starts;            ///< page ids on which a further invoice seems to start
  std::vector<std::string> postcodes;         ///< all five-digit numbers before a word
  std::string folded_text;                    ///< all words, for matching names

  [[nodiscard]] const PaperField* field(std::string_view name) const;
  [[nodiscard]] std::string value(std::string_view name) const;  ///< empty when there is none
  PaperField& set(PaperField field);                             ///< replaces one of the same name
};

/// The fields that reading may fill. The names are persistent (docs/formats/invoice-paper.md):
/// invoice_number, invoice_date, delivery_date, due_date, net_amount, vat_amount, gross_amount,
/// payable_amount, prepaid_amount, currency, vat_rates, iban, bic, skonto_percent, skonto_date,
/// order_number, asset_number, buyer_reference, customer_number, voucher_number, seller_vat_id,
/// seller_tax_number, seller_name, buyer_name, payment_means, payment_reference.
const std::vector<std::string>& field_names();

/// Reads the pages of one document. Never fails: what is not there is not there. Reentrant; some
/// milliseconds a page. `anchors`: what persons taught about this creditor's paper.
PaperInvoice read_paper(const std::vector<PaperPage>& pages, const std::vector<Anchor>& anchors = {});

/// The anchor that would have found `box` on the page, for the next invoice of the same creditor.
/// Empty when no word stands there.
std::optional<Anchor> learn_anchor(const PaperPage& page, const std::string& field, const std::string& value);

}  // namespace mailroom::invoice
