#include <algorithm>

#include "daemon/invoice/check_digits.h"
#include "daemon/invoice/paper/paper_reading.h"
#include "daemon/invoice/paper/written_values.h"

namespace mailroom::invoice {
namespace {

void set_amount(const Layout& layout, PaperInvoice& invoice, const char* name,
                const std::optional<SolvedAmount>& amount) {
  if (!amount) return;
  const auto value = decimal(amount->cents);
  PaperField field{name, value, amount->confidence, amount->corrected || !amount->spot ? "computed" : "text",
                   "",   {}};
  if (amount->spot) {
    field.page = layout.pages[layout.words[amount->spot->first].page];
    field.box = box_of(layout, *amount->spot);
  }
  if (amount->corrected) field.confidence = std::min(field.confidence, 0.6);
  invoice.set(std::move(field));
}

void read_amounts(const PaperReading& reading, PaperInvoice& invoice) {
  std::optional<std::int64_t> asked;
  if (invoice.payment_codes.size() == 1) asked = invoice.payment_codes.front().cents;
  auto& totals = invoice.totals;
  totals = solve_totals(reading.layout, reading.amounts, find_rates(reading.layout), asked);
  // What closes and is printed at every place is right, whatever the recogniser thinks of itself.
  if (totals.sums_close && totals.rates_close && !totals.contradicted) {
    for (auto* amount : {&totals.net, &totals.vat, &totals.gross}) {
      if (*amount && !(*amount)->corrected) (*amount)->confidence = std::max((*amount)->confidence, 0.96);
    }
  } else {
    for (auto* amount : {&totals.net, &totals.vat, &totals.gross}) {
      if (*amount) (*amount)->confidence = std::min((*amount)->confidence, 0.6);
    }
  }
  set_amount(reading.layout, invoice, "net_amount", totals.net);
  set_amount(reading.layout, invoice, "vat_amount", totals.vat);
  set_amount(reading.layout, invoice, "gross_amount", totals.gross);
  set_amount(reading.layout, invoice, "prepaid_amount", totals.prepaid);
  set_amount(reading.layout, invoice, "payable_amount", totals.payable);
  std::string rates;
  for (const auto& rate : totals.rates)
    rates += (rates.empty() ? "" : "; ") + decimal(rate.rate) + "% " + decimal(rate.net.cents) + " " +
             decimal(rate.vat.cents);
  if (!rates.empty()) invoice.set({"vat_rates", rates, totals.rates_close ? 0.96 : 0.5, "computed", "", {}});
}

void read_currency(const Layout& layout, PaperInvoice& invoice) {
  bool euro = false;
  for (std::size_t i = 0; i < layout.words.size(); ++i) {
    const auto& text = layout.words[i].text;
    euro = euro || text.find("€") != std::string::npos || text == "EUR" || text == "Euro";
    for (const auto other : {"CHF", "USD", "GBP", "$", "£"}) {
      const bool beside_amount = (i > 0 && read_amount(layout.words[i - 1].text)) ||
                                 (i + 1 < layout.words.size() && read_amount(layout.words[i + 1].text));
      const bool named = text == other && beside_amount;
      const auto& known = invoice.other_currencies;
      if (named && std::find(known.begin(), known.end(), other) == known.end())
        invoice.other_currencies.emplace_back(other);
    }
  }
  if (euro || invoice.other_currencies.empty()) {
    invoice.set({"currency", "EUR", euro ? 0.97 : 0.8, euro ? "text" : "computed", "", {}});
  } else {
    invoice.set({"currency", invoice.other_currencies.front(), 0.6, "text", "", {}});
  }
}

void read_payment_codes(const std::vector<PaperPage>& pages, PaperInvoice& invoice) {
  for (const auto& page : pages) {
    for (const auto& code : page.report->codes) {
      auto found = read_payment_code(code);
      if (!found) continue;
      found->page = page.id;
      invoice.payment_codes.push_back(std::move(*found));
    }
  }
}

/// A code whose check digits hold is read without errors: it settles what the print leaves open.
void settle_by_code(PaperInvoice& invoice) {
  if (invoice.payment_codes.size() != 1 || !is_iban(invoice.payment_codes.front().iban)) return;
  const PaymentCode& code = invoice.payment_codes.front();
  const auto* printed = invoice.field("iban");
  if (printed == nullptr || printed->value == code.iban || printed->confidence < 0.7)
    invoice.set({"iban", code.iban, 0.98, "barcode", code.page, code.box});
  if (!code.bic.empty() && (invoice.field("bic") == nullptr || invoice.field("bic")->value != code.bic))
    invoice.set({"bic", code.bic, 0.98, "barcode", code.page, code.box});
  const auto reference = code.reference.empty() ? code.text : code.reference;
  if (!reference.empty()) invoice.set({"payment_reference", reference, 0.98, "barcode", code.page, code.box});
  const auto* number = invoice.field("invoice_number");
  if (number != nullptr && fold(code.text + code.reference).find(fold(number->value)) != std::string::npos &&
      fold(number->value).size() >= 4) {
    auto sure = *number;
    sure.confidence = 0.99;
    sure.witnessed = true;
    invoice.set(std::move(sure));
  }
}

std::string all_words(const Layout& layout) {
  std::string text;
  for (const auto& word : layout.words) text += word.folded;
  return text;
}

std::vector<std::string> all_postcodes(const Layout& layout) {
  std::vector<std::string> found;
  for (const auto& word : layout.words) {
    const bool postcode =
        word.text.size() == 5 && word.text.find_first_not_of("0123456789") == std::string::npos;
    if (postcode && std::find(found.begin(), found.end(), word.text) == found.end())
      found.push_back(word.text);
  }
  return found;
}

}  // namespace

const PaperField* PaperInvoice::field(std::string_view name) const {
  const auto found =
      std::find_if(fields.begin(), fields.end(), [&](const auto& f) { return f.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

std::string PaperInvoice::value(std::string_view name) const {
  const auto* found = field(name);
  return found == nullptr ? std::string() : found->value;
}

PaperField& PaperInvoice::set(PaperField wanted) {
  for (auto& known : fields) {
    if (known.name == wanted.name) return known = std::move(wanted);
  }
  return fields.emplace_back(std::move(wanted));
}

const std::vector<std::string>& field_names() {
  static const std::vector<std::string> kNames = {"invoice_number",
                                                  "invoice_date",
                                                  "delivery_date",
                                                  "due_date",
                                                  "net_amount",
                                                  "vat_amount",
                                                  "gross_amount",
                                                  "payable_amount",
                                                  "prepaid_amount",
                                                  "currency",
                                                  "vat_rates",
                                                  "iban",
                                                  "bic",
                                                  "skonto_percent",
                                                  "skonto_date",
                                                  "order_number",
                                                  "asset_number",
                                                  "buyer_reference",
                                                  "customer_number",
                                                  "voucher_number",
                                                  "seller_vat_id",
                                                  "seller_tax_number",
                                                  "seller_name",
                                                  "buyer_name",
                                                  "payment_means",
                                                  "payment_reference"};
  return kNames;
}

PaperInvoice read_paper(const std::vector<PaperPage>& pages, const std::vector<Anchor>& anchors) {
  PaperReading reading{lay_out(pages), {}, {}, {}, anchors};
  reading.labels = find_labels(reading.layout);
  reading.dates = find_dates(reading.layout);
  reading.amounts = find_amounts(reading.layout);
  PaperInvoice invoice;
  read_payment_codes(pages, invoice);
  read_kind(reading, invoice);
  read_number(reading, invoice);
  read_references(reading, invoice);
  read_dates(reading, invoice);
  read_codes(reading, invoice);
  read_parties(reading, invoice);
  read_currency(reading.layout, invoice);
  read_amounts(reading, invoice);
  read_lines(reading, invoice);
  read_starts(reading, invoice);
  settle_by_code(invoice);
  invoice.folded_text = all_words(reading.layout);
  invoice.postcodes = all_postcodes(reading.layout);
  return invoice;
}

}  // namespace mailroom::invoice
