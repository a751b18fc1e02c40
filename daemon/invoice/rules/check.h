#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/invoice/model/invoice.h"
#include "daemon/invoice/model/terms.h"
#include "daemon/invoice/rules/finding.h"

/// What the files of this folder share. Each rule file has one function that looks at the invoice and
/// reports.
namespace mailroom::invoice::rules {

using Groups = std::vector<const Group*>;

/// An invoice under examination. The rules follow the official Schematron where the two syntaxes are judged
/// differently; `is_ubl` tells which.
class Check {
 public:
  explicit Check(const Invoice& under_examination);

  const Invoice& invoice;
  const Group& root;
  const bool is_ubl;
  const Groups lines;  ///< BG-25

  [[nodiscard]] const Group* totals() const { return root.group(22); }
  [[nodiscard]] const Group* seller() const { return root.group(4); }
  [[nodiscard]] const Group* buyer() const { return root.group(7); }
  [[nodiscard]] Groups payments() const;  ///< BG-16 as the file has them

  /// Reports when `holds` is false.
  void require(bool holds, std::string_view rule, const std::string& text, const Group& place);
  void require(bool holds, std::string_view rule, const std::string& text) {
    require(holds, rule, text, root);
  }
  void report(Severity severity, std::string_view rule, const std::string& text, const Group& place);
  void report(Severity severity, std::string_view rule, const std::string& text, const Term& place);

  /// "BT-1 Rechnungsnummer fehlt" unless `group` has the term (even empty).
  void require_term(const Group& group, int bt, std::string_view rule);
  /// The same, an empty one counts as missing.
  void require_filled(const Group& group, int bt, std::string_view rule);

  std::vector<Finding> findings;
};

/// CII: an identifier of a party in an ID element; schemes of GlobalID elements are judged by other rules.
bool is_plain_identifier(const Check& check, const Term& term);

/// "BG-25 Rechnungsposition (Position 3), Zeile 214".
std::string place_of(const Group& group);

void check_presence(Check& check);
void check_parties(Check& check);
void check_allowances(Check& check);
void check_totals(Check& check);
void check_vat(Check& check);
void check_decimals(Check& check);
void check_codes(Check& check);
void check_payment(Check& check);
void check_cardinality(Check& check);
void check_xrechnung(Check& check);
void check_xrechnung_extension(Check& check);
void check_clean_vehicles(Check& check);
void check_identifiers(Check& check);

/// The sum of BT-`bt` over `groups`; what is no number counts as nothing (another rule reports it).
Decimal sum(const Groups& groups, int bt);
/// Calls `visit(const Group&, const Term&)` for every term, lines included.
template <typename Visit>
void each_term(const Group& group, const Visit& visit) {
  for (const Term& term : group.terms) visit(group, term);
  for (const Group& inner : group.groups) each_term(inner, visit);
}

}  // namespace mailroom::invoice::rules
