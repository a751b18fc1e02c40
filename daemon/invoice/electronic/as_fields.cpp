#include "daemon/invoice/electronic/as_fields.h"

#include <algorithm>
#include <array>

#include "daemon/invoice/model/summary.h"
#include "daemon/invoice/paper/to_invoice.h"
#include "daemon/invoice/paper/written_values.h"

namespace mailroom::invoice {
namespace {

/// UNTDID 1001 of invoices that are paid like any other: commercial, corrected, self-billed, partial and
/// the building trade's instalments.
constexpr std::array<std::string_view, 8> kInvoiceCodes{"380", "384", "389", "326", "875", "876", "877", "82"};
constexpr std::array<std::string_view, 3> kCreditNoteCodes{"381", "261", "396"};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& codes, const std::string& code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

PaperKind kind_of(const Invoice& invoice) {
  const auto& code = invoice.value(3);
  if (invoice.syntax == Syntax::ubl_credit_note || is_one_of(kCreditNoteCodes, code))
    return PaperKind::credit_note;
  return is_one_of(kInvoiceCodes, code) ? PaperKind::invoice : PaperKind::unknown;
}

std::optional<std::int64_t> cents_of(const std::string& text) {
  const auto number = Decimal::parse(text);
  return number && number->rounded() == *number ? cents_from(number->text(2)) : std::nullopt;
}

/// As a person or decimal() would write it: what has another form is not taken over.
std::string written(std::string_view field, std::string value) {
  if (field.ends_with("_amount")) {
    const auto cents = cents_of(value);
    return cents ? decimal(*cents) : std::string();
  }
  if (field == "iban" || field == "seller_vat_id") std::erase(value, ' ');
  return value;
}

PaperField certain(std::string name, std::string value, std::string source = "xml") {
  return {std::move(name), std::move(value), 1, std::move(source), "", {}, true};
}

void set_fields(const Invoice& invoice, PaperInvoice& form) {
  for (const auto& [field, term] : field_terms()) {
    auto value = written(field, invoice.value(term));
    if (!value.empty()) form.set(certain(std::string(field), std::move(value)));
  }
}

/// The dearest reduction: its last day counts as the one to keep.
void set_discount(const Invoice& invoice, PaperInvoice& form) {
  const auto offers = cash_discounts(invoice.value(20));
  const auto best = std::max_element(offers.begin(), offers.end(), [](const auto& one, const auto& other) {
    return one.percent < other.percent;
  });
  const auto& issued = invoice.value(2);
  if (best == offers.end() || read_date(issued) != issued) return;
  form.set(certain("skonto_percent", best->percent.text(2), "computed"));
  form.set(certain("skonto_date", iso_date(day_number(issued) + best->days), "computed"));
}

std::optional<SolvedAmount> solved(const PaperInvoice& form, const char* field) {
  const auto cents = cents_from(form.value(field));
  return cents ? std::optional(SolvedAmount{*cents, {}, 1, false}) : std::nullopt;
}

/// Hundredths of a percent; 0 when there is none.
int rate_of(const Group& group) {
  const auto rate = group.decimal(119);
  return rate ? (*rate * 100).whole() : 0;
}

void set_rates(const Invoice& invoice, PaperInvoice& form) {
  Totals& totals = form.totals;
  std::int64_t sum = 0;
  bool close = true;
  std::string words;
  for (const Group* group : invoice.root.all_groups(23)) {
    const auto net = cents_of(group->value(116)), vat = cents_of(group->value(117));
    close = close && net && vat;
    if (!net || !vat) continue;
    sum += *vat;
    totals.rates.push_back({rate_of(*group), {*net, {}, 1, false}, {*vat, {}, 1, false}});
    words += (words.empty() ? "" : "; ") + decimal(rate_of(*group)) + "% " + decimal(*net) + " " + decimal(*vat);
  }
  totals.rates_close = close && totals.vat && sum == totals.vat->cents;
  if (!words.empty()) form.set(certain("vat_rates", words));
}

void set_totals(const Invoice& invoice, PaperInvoice& form) {
  Totals& totals = form.totals;
  totals.net = solved(form, "net_amount");
  totals.vat = solved(form, "vat_amount");
  totals.gross = solved(form, "gross_amount");
  totals.prepaid = solved(form, "prepaid_amount");
  totals.payable = solved(form, "payable_amount");
  totals.sums_close = totals.net && totals.vat && totals.gross &&
                      totals.net->cents + totals.vat->cents == totals.gross->cents;
  totals.printed = true;
  set_rates(invoice, form);
}

void set_lines(const Invoice& invoice, PaperInvoice& form) {
  for (const Group* line : invoice.lines()) {
    PaperLine read;
    read.position = line->value(126);
    read.amount = line->value(131);
    if (const auto* item = line->group(31)) read.text = item->value(153);
    form.lines.push_back(std::move(read));
  }
}

void collect(const Group& group, std::string& folded) {
  for (const Term& term : group.terms) folded += fold(term.value);
  for (const Group& inner : group.groups) collect(inner, folded);
}

PaperParty party_of(const Invoice& invoice, int group, int name, int street, int city, int postcode) {
  PaperParty party;
  party.name = invoice.value(name);
  party.street = invoice.value(street);
  party.city = invoice.value(city);
  party.postcode = invoice.value(postcode);
  if (const auto* all = invoice.root.group(group)) collect(*all, party.folded);
  return party;
}

/// "BR-CO-10: Die Summe ...", the first few of them.
std::string findings_in(const nlohmann::json& line) {
  constexpr std::size_t kShown = 5;
  std::string words;
  std::size_t count = 0;
  for (const auto& finding : line.value("findings", nlohmann::json::array())) {
    const auto severity = finding.value("severity", ""), rule = finding.value("rule", "");
    const bool weighs = severity == "fatal" || (severity == "warning" && rule.starts_with("MR-"));
    if (!weighs || ++count > kShown) continue;
    words += (words.empty() ? "" : "; ") + rule + ": " + finding.value("text", "");
  }
  if (count > kShown) words += "; … (" + std::to_string(count) + ")";
  return words;
}

}  // namespace

PaperInvoice as_fields(const Invoice& invoice) {
  PaperInvoice form;
  form.kind = kind_of(invoice);
  form.kind_confidence = 1;
  set_fields(invoice, form);
  set_discount(invoice, form);
  set_totals(invoice, form);
  set_lines(invoice, form);
  form.seller = party_of(invoice, 4, 27, 35, 37, 38);
  form.buyer = party_of(invoice, 7, 44, 50, 52, 53);
  for (const Term* account : invoice.all(84)) form.ibans.push_back(written("iban", account->value));
  for (const Term* id : invoice.all(31)) form.vat_ids.push_back(written("seller_vat_id", id->value));
  if (!form.seller.postcode.empty()) form.postcodes.push_back(form.seller.postcode);
  form.folded_text = form.seller.folded + form.buyer.folded;
  return form;
}

std::optional<Doubt> doubt_about_form(const nlohmann::json& line) {
  if (line.value("decision", "") == "pass") return std::nullopt;
  auto words = findings_in(line);
  if (line.value("syntax", "unknown") == name_of(Syntax::unknown))
    return Doubt{"invoice_missing", {}, {{"why", words.empty() ? "keine Rechnung" : words}}, {}};
  if (words.empty()) words = "hier nicht vollständig prüfbar";
  return Doubt{"invoice_form", {"form=" + words}, {{"findings", words}}, {}};
}

}  // namespace mailroom::invoice
