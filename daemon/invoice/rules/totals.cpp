#include <cmath>
#include <cstdlib>

#include "daemon/invoice/rules/check.h"

namespace mailroom::invoice::rules {
namespace {

std::string differs(const std::string& what, const std::optional<Decimal>& said, Decimal computed) {
  return what + ": in der Rechnung " + (said ? said->text(2) : "nicht angegeben") + ", gerechnet " +
         computed.text(2);
}

/// The CII rules add allowances and charges in binary floating point, so that 1.005 becomes 1.00.
bool closes_in_floating_point(const Groups& parts, int amount, const Term* total) {
  double added = 0;
  for (const Group* part : parts) added += std::strtod(part->value(amount).c_str(), nullptr);
  const double computed = std::floor(added * 10 * 10 + 0.5) / 100;
  return total != nullptr && std::strtod(total->value.c_str(), nullptr) == computed;
}

/// The total of allowances or charges: without any it must be missing or zero.
void check_allowance_total(Check& check, const Group& totals, int bt, int group, int amount,
                           std::string_view rule, const std::string& what) {
  const Groups parts = check.root.all_groups(group);
  if (!totals.has(bt) && parts.empty()) return;
  const Decimal computed = sum(parts, amount).rounded();
  const bool closes = check.is_ubl ? totals.decimal(bt) == computed
                                   : closes_in_floating_point(parts, amount, totals.term(bt));
  check.require(closes, rule, differs(what, totals.decimal(bt), computed), totals);
}

void check_net(Check& check, const Group& totals) {
  const auto said = totals.decimal(109);
  const auto line_sum = totals.decimal(106);
  const bool has_parts = totals.has(107) || totals.has(108);
  Decimal computed = line_sum.value_or(Decimal()) - totals.decimal(107).value_or(Decimal()) +
                     totals.decimal(108).value_or(Decimal());
  if (has_parts || !check.is_ubl) computed = computed.rounded();
  check.require(said && line_sum && *said == computed, "BR-CO-13",
                differs("Rechnungsbetrag ohne Umsatzsteuer (BT-109)", said, computed), totals);
}

void check_vat_total(Check& check, const Group& totals) {
  const Groups breakdown = check.root.all_groups(23);
  if (check.is_ubl && breakdown.empty()) return;
  const std::string& currency = check.root.value(5);
  const Decimal computed = sum(breakdown, 117).rounded();
  for (const Term* total : totals.all_terms(110)) {
    if (!check.is_ubl && total->scheme != currency) continue;
    const auto said = Decimal::parse(total->value);
    check.require(said == computed, "BR-CO-14", differs("Umsatzsteuer gesamt (BT-110)", said, computed),
                  totals);
    if (check.is_ubl) break;
  }
}

void check_gross(Check& check, const Group& totals) {
  const Term* currency = check.root.term(5);
  if (currency == nullptr) return;
  const auto said = totals.decimal(112);
  const auto net = totals.decimal(109);
  int count = 0;
  std::optional<Decimal> vat;
  for (const int bt : {110, 111}) {
    for (const Term* total : totals.all_terms(bt)) {
      if (total->scheme != currency->value || currency->spaced) continue;
      ++count;
      vat = Decimal::parse(total->value);
    }
  }
  const Decimal computed = (net.value_or(Decimal()) + vat.value_or(Decimal())).rounded();
  const bool closes = count == 1 && said && net && vat && *said == computed;
  const bool has_no_vat = !check.is_ubl && said && net && *said == *net;
  const std::string text = count == 1
                               ? differs("Rechnungsbetrag mit Umsatzsteuer (BT-112)", said, computed)
                               : "Die Umsatzsteuer muss genau einmal in der Währung der Rechnung stehen";
  check.require(closes || has_no_vat, "BR-CO-15", text, totals);
}

void check_payable(Check& check, const Group& totals) {
  const auto said = totals.decimal(115);
  const auto gross = totals.decimal(112);
  const auto paid = totals.decimal(113).value_or(Decimal());
  const auto rounding = totals.decimal(114).value_or(Decimal());
  const Decimal computed = gross.value_or(Decimal()) - paid + rounding;
  bool closes = said && gross;
  if (closes && check.is_ubl && totals.has(114)) {
    const Decimal rest = totals.has(113) ? (*gross - paid).rounded() : *gross;
    closes = (*said - rounding).rounded() == rest;
  } else if (closes) {
    closes = *said == (check.is_ubl && totals.has(113) ? computed.rounded() : computed);
  }
  check.require(closes, "BR-CO-16", differs("Zahlbetrag (BT-115)", said, computed), totals);
}

void check_payment_date(Check& check, const Group& totals) {
  const auto payable = totals.decimal(115);
  if (!payable || *payable <= 0 || check.root.has(9) || check.root.has(20)) return;
  check.report(
      Severity::warning, "BR-CO-25",
      "Es ist etwas zu zahlen, aber weder Fälligkeitsdatum (BT-9) noch Zahlungsbedingungen (BT-20) stehen da",
      check.root);
}

}  // namespace

void check_totals(Check& check) {
  for (const Group* totals : check.root.all_groups(22)) {
    if (totals->line == 0) continue;
    const Decimal line_sum = sum(check.lines, 131).rounded();
    const auto said = totals->decimal(106);
    check.require(said == line_sum, "BR-CO-10", differs("Summe der Positionen (BT-106)", said, line_sum),
                  *totals);
    check_allowance_total(check, *totals, 107, 20, 92, "BR-CO-11", "Summe der Nachlässe (BT-107)");
    check_allowance_total(check, *totals, 108, 21, 99, "BR-CO-12", "Summe der Zuschläge (BT-108)");
    check_net(check, *totals);
    check_vat_total(check, *totals);
    check_gross(check, *totals);
    check_payable(check, *totals);
    check_payment_date(check, *totals);
  }
  for (const Term* currency : check.root.all_terms(6)) {
    bool found = false;
    const Group* totals = check.totals();
    for (const int bt : {110, 111})
      for (const Term* total : totals == nullptr ? std::vector<const Term*>() : totals->all_terms(bt))
        found = found || (total->scheme == currency->value && !currency->spaced);
    const bool is_other = check.is_ubl || currency->value != check.root.value(5);
    check.require(found && is_other, "BR-53",
                  "Die Umsatzsteuer fehlt in der Steuerwährung (BT-111 in der Währung aus BT-6)");
  }
}

}  // namespace mailroom::invoice::rules
