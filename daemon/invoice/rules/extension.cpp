#include "daemon/invoice/rules/check.h"
#include "daemon/invoice/rules/code_lists.h"

namespace mailroom::invoice::rules {
namespace {

struct SchemeRule {
  int bt;
  std::string_view rule;
  const std::string_view* list;
};

const SchemeRule kSchemes[] = {
    {29, "BR-DEX-04", &codes::kIdentifierSchemes},  {46, "BR-DEX-04", &codes::kIdentifierSchemes},
    {60, "BR-DEX-04", &codes::kIdentifierSchemes},  {30, "BR-DEX-05", &codes::kIdentifierSchemes},
    {47, "BR-DEX-05", &codes::kIdentifierSchemes},  {61, "BR-DEX-05", &codes::kIdentifierSchemes},
    {157, "BR-DEX-06", &codes::kIdentifierSchemes}, {34, "BR-DEX-07", &codes::kAddressSchemes},
    {49, "BR-DEX-07", &codes::kAddressSchemes},     {71, "BR-DEX-08", &codes::kIdentifierSchemes},
};

constexpr std::string_view kHealthSchemes = " XR01 XR02 XR03 ";

void check_schemes(Check& check) {
  each_term(check.root, [&](const Group&, const Term& term) {
    for (const SchemeRule& rule : kSchemes) {
      if (rule.bt != term.number || term.scheme.empty()) continue;
      const auto id = is_plain_identifier(check, term) ? "BR-DEX-05" : rule.rule;
      if (!codes::contains(*rule.list, term.scheme) && !codes::contains(kHealthSchemes, term.scheme))
        check.report(Severity::fatal, id, "Das Schema '" + term.scheme + "' steht nicht in der Codeliste",
                     term);
    }
    if (term.number == 125 && term.scheme != "application/xml" &&
        !codes::contains(codes::kFileTypes, term.scheme))
      check.report(Severity::fatal, "BR-DEX-01",
                   "Der Dateityp der Anlage ist nicht zugelassen: " + term.scheme, term);
  });
}

/// A line with lines inside must be their sum, all the way down.
bool adds_up(const Group& line) {
  const Groups inner = line.all_groups(9001);
  if (inner.empty()) return true;
  if (line.decimal(131) != sum(inner, 131)) return false;
  for (const Group* group : inner)
    if (!adds_up(*group)) return false;
  return true;
}

bool has_one_category(const Group& line) {
  for (const Group* inner : line.all_groups(9001)) {
    if (inner->group(31) != nullptr && inner->all_groups(30).size() != 1) return false;
    if (!has_one_category(*inner)) return false;
  }
  return true;
}

void check_inner_lines(Check& check) {
  bool sums = true, categories = true, any = false;
  for (const Group* line : check.lines) {
    sums = sums && adds_up(*line);
    categories = categories && has_one_category(*line);
    any = any || line->group(9001) != nullptr;
  }
  if (!sums)
    check.report(Severity::warning, "BR-DEX-02", "Eine Position ist nicht die Summe ihrer Unterpositionen",
                 check.root);
  check.require(categories, "BR-DEX-03", "Jede Unterposition braucht genau eine Umsatzsteuerkategorie");
  if (any)
    check.report(Severity::warning, "UBL-CR-646", "Unterpositionen (SubInvoiceLine) kennt EN 16931 nicht",
                 check.root);
}

void check_third_party_payments(Check& check) {
  const Groups payments = check.root.all_groups(9009);
  const std::string& currency = check.root.value(5);
  for (const Group* payment : payments) {
    check.require_filled(*payment, 9001, "BR-DEX-10");
    check.require_filled(*payment, 9002, "BR-DEX-11");
    check.require_filled(*payment, 9003, "BR-DEX-12");
    const std::string& amount = payment->value(9002);
    const auto point = amount.find('.');
    check.require(point == std::string::npos || amount.size() - point <= 3, "BR-DEX-13",
                  "Die Fremdforderung hat mehr als zwei Nachkommastellen", *payment);
    const Term* term = payment->term(9002);
    check.require(term != nullptr && term->scheme == currency, "BR-DEX-14",
                  "Die Fremdforderung ist in einer anderen Währung", *payment);
  }
  const Group* totals = check.totals();
  if (totals == nullptr || totals->line == 0) return;
  const auto value = [&](int bt) { return totals->decimal(bt).value_or(Decimal()); };
  const Decimal due = (value(115) - value(114)).rounded();
  const Decimal computed = (value(112) - value(113) + sum(payments, 9002)).rounded();
  check.require(totals->decimal(115) && totals->decimal(112) && due == computed, "BR-DEX-09",
                "Der Zahlbetrag (BT-115) ist nicht Rechnungsbetrag weniger Anzahlung mehr Fremdforderungen",
                *totals);
}

}  // namespace

void check_xrechnung_extension(Check& check) {
  check_schemes(check);
  if (!check.is_ubl) {
    bool has_parent = false;
    for (const Group* line : check.lines) has_parent = has_parent || line->has(9004);
    if (has_parent)
      check.report(Severity::warning, "BR-DEX-15",
                   "Unterpositionen (ParentLineID) kennt XRechnung im CII nicht", check.root);
    return;
  }
  check_inner_lines(check);
  check_third_party_payments(check);
}

}  // namespace mailroom::invoice::rules
