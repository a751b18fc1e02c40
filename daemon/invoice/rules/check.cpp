#include "daemon/invoice/rules/check.h"

#include <algorithm>

namespace mailroom::invoice::rules {

Check::Check(const Invoice& under_examination)
    : invoice(under_examination),
      root(under_examination.root),
      is_ubl(under_examination.syntax == Syntax::ubl_invoice ||
             under_examination.syntax == Syntax::ubl_credit_note),
      lines(under_examination.lines()) {}

Groups Check::payments() const {
  Groups found;
  for (const Group* payment : root.all_groups(16)) {
    if (payment->line > 0) found.push_back(payment);
  }
  return found;
}

bool is_plain_identifier(const Check& check, const Term& term) {
  const bool of_party = term.number == 29 || term.number == 46 || term.number == 60;
  return of_party && !check.is_ubl && term.version != "global";
}

std::string place_of(const Group& group) {
  if (group.number == 0) return {};
  std::string place = group_label(group.number);
  if (group.number == 25 && group.filled(126)) place += " (Position " + group.value(126) + ")";
  if (group.line > 0) place += ", Zeile " + std::to_string(group.line);
  return place;
}

void Check::require(bool holds, std::string_view rule, const std::string& text, const Group& place) {
  if (!holds) report(Severity::fatal, rule, text, place);
}

void Check::report(Severity severity, std::string_view rule, const std::string& text, const Group& place) {
  findings.push_back({std::string(rule), severity, place_of(place), text});
}

void Check::report(Severity severity, std::string_view rule, const std::string& text, const Term& place) {
  std::string where = term_label(place.number);
  if (place.line > 0) where += ", Zeile " + std::to_string(place.line);
  findings.push_back({std::string(rule), severity, where, text});
}

void Check::require_term(const Group& group, int bt, std::string_view rule) {
  require(group.has(bt), rule, term_label(bt) + " fehlt", group);
}

void Check::require_filled(const Group& group, int bt, std::string_view rule) {
  require(group.filled(bt), rule, term_label(bt) + " fehlt", group);
}

Decimal sum(const Groups& groups, int bt) {
  Decimal total;
  for (const Group* group : groups) total += group->decimal(bt).value_or(Decimal());
  return total;
}

}  // namespace mailroom::invoice::rules
