#include "daemon/invoice/rules/check.h"

namespace mailroom::invoice::rules {
namespace {

struct PlaceRule {
  int bt;
  std::string_view rule;
};

/// BT-110 and BT-111 are judged by value, and only in the CII.
constexpr PlaceRule kRules[] = {
    {92, "BR-DEC-01"},  {93, "BR-DEC-02"},  {99, "BR-DEC-05"},  {100, "BR-DEC-06"}, {106, "BR-DEC-09"},
    {107, "BR-DEC-10"}, {108, "BR-DEC-11"}, {109, "BR-DEC-12"}, {112, "BR-DEC-14"}, {113, "BR-DEC-16"},
    {114, "BR-DEC-17"}, {115, "BR-DEC-18"}, {116, "BR-DEC-19"}, {117, "BR-DEC-20"}, {131, "BR-DEC-23"},
    {136, "BR-DEC-24"}, {137, "BR-DEC-25"}, {141, "BR-DEC-27"}, {142, "BR-DEC-28"},
};

/// Characters after the point, as written.
std::size_t places(const Term& term) {
  const auto point = term.value.find('.');
  if (point == std::string::npos) return 0;
  return term.value.size() - point - 1 + (term.spaced ? 1 : 0);
}

bool is_judged_by_family(const Check& check, const Group& group) {
  if (check.is_ubl || group.number != 23) return false;
  const std::string& category = group.value(118);
  return category == "O" || category == "L" || category == "M";
}

bool is_whole_cents(const Term& term) {
  const auto value = Decimal::parse(term.value);
  return value && *value == value->rounded();
}

/// One total in the currency of BT-`currency` with whole cents, or one in another currency, is enough.
void check_vat_total(Check& check, int currency_term, std::string_view rule) {
  const Group* totals = check.totals();
  if (totals == nullptr || !totals->has(110)) return;
  const Term* currency = check.root.term(currency_term);
  bool holds = false;
  for (const int bt : {110, 111}) {
    for (const Term* total : totals->all_terms(bt)) {
      const bool is_it = currency != nullptr && total->scheme == currency->value;
      holds = holds || (is_it && is_whole_cents(*total));
      holds = holds || (currency_term == 5 ? !is_it : currency == nullptr);
    }
  }
  check.require(holds, rule, "Die Umsatzsteuer gesamt hat mehr als zwei Nachkommastellen", *totals);
}

bool is_amount(int bt) {
  const TermInfo* info = term_info(bt);
  return info != nullptr && info->kind == TermKind::amount;
}

}  // namespace

void check_decimals(Check& check) {
  bool all_short = true;
  each_term(check.root, [&](const Group& group, const Term& term) {
    if (!is_amount(term.number) || places(term) <= 2) return;
    all_short = false;
    if (is_judged_by_family(check, group)) return;
    for (const auto& [bt, rule] : kRules) {
      if (bt == term.number)
        check.report(Severity::fatal, rule, "Mehr als zwei Nachkommastellen: " + term.value, term);
    }
  });
  if (check.is_ubl) {
    check.require(all_short, "UBL-DT-01", "Beträge haben höchstens zwei Nachkommastellen");
  } else {
    check_vat_total(check, 5, "BR-DEC-13");
    check_vat_total(check, 6, "BR-DEC-15");
  }
}

}  // namespace mailroom::invoice::rules
