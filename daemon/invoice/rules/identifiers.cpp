#include <algorithm>
#include <cctype>

#include "daemon/invoice/check_digits.h"
#include "daemon/invoice/rules/check.h"

namespace mailroom::invoice::rules {
namespace {

void warn(Check& check, std::string_view rule, const std::string& text, const Term& term) {
  check.report(Severity::warning, rule, text + ": " + term.value, term);
}

/// Without spaces, in capitals.
std::string compact(std::string text) {
  std::erase_if(text, [](unsigned char c) { return std::isspace(c) != 0; });
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return char(std::toupper(c)); });
  return text;
}

void check_vat_ids(Check& check) {
  for (const int bt : {31, 48, 63}) {
    for (const Term* id : check.invoice.all(bt)) {
      if (id->value.starts_with("DE") && !is_vat_id(compact(id->value)))
        warn(check, "MR-VATID",
             "Die Umsatzsteuer-Identifikationsnummer hat eine falsche Prüfziffer oder Form", *id);
    }
  }
}

void check_accounts(Check& check) {
  for (const int bt : {84, 91}) {
    for (const Term* account : check.invoice.all(bt)) {
      if (!account->value.empty() && !is_iban(compact(account->value)))
        warn(check, "MR-IBAN", "Die IBAN hat eine falsche Prüfziffer oder Form", *account);
    }
  }
}

bool looks_like_leitweg_id(const std::string& value) {
  return std::count(value.begin(), value.end(), '-') >= 1 &&
         value.find_first_not_of("0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") ==
             value.npos &&
         !value.empty() && value[0] >= '0' && value[0] <= '9';
}

void check_references(Check& check) {
  for (const Term* reference : check.root.all_terms(10)) {
    if (looks_like_leitweg_id(reference->value) && !is_leitweg_id(compact(reference->value)))
      warn(check, "MR-LEITWEG", "Die Leitweg-ID hat eine falsche Prüfziffer oder Form", *reference);
  }
  for (const Term* reference : check.invoice.all(83)) {
    const std::string& value = reference->value;
    const bool looks_like_rf =
        value.size() > 4 && value.starts_with("RF") && value[2] >= '0' && value[2] <= '9';
    if (looks_like_rf && !is_creditor_reference(compact(value)))
      warn(check, "MR-RF", "Die Referenz (ISO 11649) hat eine falsche Prüfziffer", *reference);
  }
}

/// The rules let a VAT amount pass that is wrong by nearly one euro; an accountant wants to know.
void check_cents(Check& check) {
  for (const Group* group : check.root.all_groups(23)) {
    const auto base = group->decimal(116), tax = group->decimal(117), rate = group->decimal(119);
    if (!base || !tax || !rate) continue;
    const Decimal computed = base->abs().percent(*rate).rounded();
    if ((tax->abs() - computed).abs() > Decimal::of_cents(1))
      check.report(Severity::warning, "MR-VAT-CENT",
                   "Steuerbetrag " + tax->text(2) + " weicht ab von " + rate->text() + " % aus " +
                       base->text(2) + " = " + computed.text(2),
                   *group);
  }
}

/// Quantity times price less allowances: the norm says how, the Schematron does not look. Less than one euro
/// is left to a person, as it is with VAT.
void check_line_amounts(Check& check) {
  for (const Group* line : check.lines) {
    const Group* price = line->group(29);
    const auto quantity = line->decimal(129), amount = line->decimal(131);
    const auto net = price == nullptr ? std::nullopt : price->decimal(146);
    if (!quantity || !amount || !net) continue;
    Decimal computed = *quantity * *net;
    const auto base = price->decimal(149);
    if (base && !base->is_zero() && *base == base->rounded_to_whole() && *base < 100000 && *base > 0)
      computed = computed / base->whole();
    computed = computed + sum(line->all_groups(28), 141) - sum(line->all_groups(27), 136);
    const Decimal difference = (computed - *amount).abs();
    if (difference <= Decimal::of_cents(1)) continue;
    const bool is_plain = !base || *base == 1;  // senders differ in what a price for several pieces means
    check.report(
        difference >= 1 && is_plain ? Severity::fatal : Severity::warning, "MR-LINE",
        "Nettobetrag " + amount->text(2) + " weicht ab von Menge mal Preis = " + computed.rounded().text(2),
        *line);
  }
}

/// Every amount but BT-111 is in the invoice's currency.
void check_currencies(Check& check) {
  const std::string& currency = check.root.value(5);
  each_term(check.root, [&](const Group&, const Term& term) {
    const TermInfo* info = term_info(term.number);
    if (info == nullptr || info->kind != TermKind::amount || term.number == 111) return;
    if (!currency.empty() && !term.scheme.empty() && term.scheme != currency)
      check.report(Severity::warning, "MR-CURRENCY",
                   "Der Betrag ist in " + term.scheme + ", die Rechnung in " + currency, term);
  });
}

}  // namespace

void check_identifiers(Check& check) {
  check_vat_ids(check);
  check_accounts(check);
  check_references(check);
  check_cents(check);
  check_line_amounts(check);
  check_currencies(check);
}

}  // namespace mailroom::invoice::rules
