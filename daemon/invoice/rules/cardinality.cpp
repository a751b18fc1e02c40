#include "daemon/invoice/rules/check.h"

namespace mailroom::invoice::rules {
namespace {

/// A term or group that the norm has at most once within its group.
struct Once {
  int number;
  std::string_view ubl, cii;  ///< the rule of the syntax binding, empty when there is none of its own
};

/// The ids where a doubled term has one in CEN/TS 16931-3; every other doubled term is MR-ONCE.
constexpr Once kTerms[] = {
    {20, "UBL-SR-05", "CII-SR-453"}, {30, "UBL-SR-11", ""},  {97, "UBL-SR-30", ""},
    {46, "UBL-SR-16", ""},           {92, "", "CII-SR-473"},
};
constexpr Once kGroups[] = {{14, "UBL-SR-08", ""}, {6, "", "CII-SR-455"}, {30, "UBL-SR-48", "CII-SR-454"}};

/// Terms that may stand several times in their group (EN 16931-1: 0..n or 1..n), or that both syntaxes
/// repeat.
constexpr int kMany[] = {15, 16, 29, 31, 32, 48, 84, 110, 111, 119, 149, 150, 158};
constexpr int kManyGroups[] = {1, 3, 16, 17, 20, 21, 23, 24, 25, 27, 28, 32, 9001, 9009};

template <std::size_t N>
bool is_in(const int (&list)[N], int number) {
  for (const int entry : list)
    if (entry == number) return true;
  return false;
}

std::string rule_of(const Check& check, const Once* begin, const Once* end, int number) {
  for (const Once* once = begin; once != end; ++once) {
    const auto rule = check.is_ubl ? once->ubl : once->cii;
    if (once->number == number && !rule.empty()) return std::string(rule);
  }
  return "MR-ONCE";
}

/// Terms and groups without which the rules cannot tell what is meant; doubled, they make the invoice
/// invalid.
constexpr int kDecisive[] = {1,   2,   3,   5,   27,  44,  92,  99,  106, 107, 108, 109, 112, 113,
                             114, 115, 116, 117, 118, 122, 126, 129, 131, 136, 141, 146, 153};

/// Some bindings only warn. Other doubled terms break the XML Schema, which is not checked here: a warning
/// too, but one that a person looks at.
Severity severity_of(const Check& check, const std::string& rule, bool is_group, int number) {
  if (rule == "CII-SR-453" || rule == "CII-SR-454") return Severity::warning;
  if (rule != "MR-ONCE") return Severity::fatal;
  const bool decisive = is_group ? number == 22 || (!check.is_ubl && number == 5) : is_in(kDecisive, number);
  return decisive ? Severity::fatal : Severity::warning;
}

void look_into(Check& check, const Group& group) {
  for (std::size_t i = 0; i < group.terms.size(); ++i) {
    const int bt = group.terms[i].number;
    if (is_in(kMany, bt) || &group.terms[i] == group.term(bt)) continue;
    if (!check.is_ubl && (bt == 41 || bt == 46 || bt == 60 || bt == 71))
      continue;  // two elements for one term
    const std::string rule = rule_of(check, std::begin(kTerms), std::end(kTerms), bt);
    check.report(severity_of(check, rule, false, bt), rule, term_label(bt) + " steht mehr als einmal da",
                 group.terms[i]);
  }
  for (const Group& inner : group.groups) {
    if (!is_in(kManyGroups, inner.number) && &inner != group.group(inner.number)) {
      const std::string rule = rule_of(check, std::begin(kGroups), std::end(kGroups), inner.number);
      check.report(severity_of(check, rule, true, inner.number), rule,
                   group_label(inner.number) + " steht mehr als einmal da", inner);
    }
    look_into(check, inner);
  }
}

/// What the bindings demand of names, identifiers and categories of a UBL file.
void check_ubl_binding(Check& check) {
  for (const Group* preceding : check.root.all_groups(3))
    check.require(preceding->has(25), "UBL-SR-07", "Der vorausgegangenen Rechnung fehlt ihre Nummer",
                  *preceding);
  for (const Group* line : check.lines)
    check.require(line->all_groups(30).size() == 1, "UBL-SR-48",
                  "Die Position braucht genau eine Steuerkategorie", *line);
  for (const Group* representative : check.root.all_groups(11))
    check.require(representative->has(63), "UBL-SR-53", "Der Steuervertreter braucht eine Steuerkategorie",
                  *representative);
  if (!check.root.all_groups(9009).empty())
    check.report(Severity::warning, "UBL-CR-470", "Fremdforderungen (PrepaidPayment) kennt EN 16931 nicht",
                 check.root);
  each_term(check.root, [&](const Group&, const Term& term) {
    if (term.number != 125) return;
    if (term.scheme.empty())
      check.report(Severity::fatal, "UBL-DT-06", "Der Anlage fehlt ihr Dateityp", term);
    if (term.version.empty())
      check.report(Severity::fatal, "UBL-DT-07", "Der Anlage fehlt ihr Dateiname", term);
  });
}

void check_property(Check& check, const Group& property) {
  check.require(property.has(160), "CII-SR-069", "Der Artikeleigenschaft fehlt ihr Name", property);
  check.require(property.has(161), "CII-SR-072", "Der Artikeleigenschaft fehlt ihr Wert", property);
}

void check_cii_binding(Check& check) {
  check.require(check.invoice.first(24) != nullptr, "CII-SR-010", "Die Spezifikationskennung (BT-24) fehlt");
  check.require(check.root.has(3), "CII-SR-014", "Die Rechnungsart (BT-3) fehlt");
  for (const Group* line : check.lines) {
    for (const Group* item : line->all_groups(31))
      for (const Group* property : item->all_groups(32)) check_property(check, *property);
    check.require(line->group(29) != nullptr && line->group(29)->has(146), "CII-SR-439",
                  "Der Position fehlt ihr Nettopreis", *line);
  }
  const auto means = check.payments();
  for (const Group* payment : means) {
    const std::string& code = payment->value(81);
    const Group* account = payment->group(17);
    if (code == "30" || code == "58")
      check.require(account != nullptr && account->has(84), "CII-SR-470", "Der Überweisung fehlt das Konto",
                    *payment);
  }
  const Term* date = check.root.term(2);
  check.require(date == nullptr || !date->value.empty() || date->version != "102", "CII-DT-097",
                "Das Rechnungsdatum ist leer");
}

void check_numbers(Check& check) {
  each_term(check.root, [&](const Group&, const Term& term) {
    const TermInfo* info = term_info(term.number);
    if (info == nullptr) return;
    const bool is_number = info->kind == TermKind::amount || info->kind == TermKind::price ||
                           info->kind == TermKind::percent || info->kind == TermKind::quantity;
    if (is_number && !is_decimal_text(term.value))
      check.report(Severity::fatal, "MR-NUMBER", "Das ist keine Zahl: '" + term.value + "'", term);
  });
}

}  // namespace

void check_cardinality(Check& check) {
  look_into(check, check.root);
  check_numbers(check);
  if (check.is_ubl) check_ubl_binding(check);
  if (check.invoice.syntax == Syntax::cii) check_cii_binding(check);
}

}  // namespace mailroom::invoice::rules
