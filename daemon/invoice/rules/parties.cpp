#include <algorithm>

#include "daemon/invoice/rules/check.h"
#include "daemon/invoice/rules/code_lists.h"

namespace mailroom::invoice::rules {
namespace {

const Group kNothing;

bool shares_value(const Group& one, int bt_one, const Group& other, int bt_other) {
  for (const Term* a : one.all_terms(bt_one)) {
    for (const Term* b : other.all_terms(bt_other)) {
      if (a->value == b->value && a->version == b->version && a->version != "global") return true;
    }
  }
  return false;
}

struct AddressRule {
  int party, address, country;
  std::string_view address_rule, country_rule;
};

/// UBL judges the country only where there is an address, CII always.
void check_address(Check& check, const AddressRule& rule) {
  const Group* party = check.root.group(rule.party);
  const Groups addresses = party == nullptr ? Groups() : party->all_groups(rule.address);
  check.require(!addresses.empty(), rule.address_rule, group_label(rule.address) + " fehlt",
                party == nullptr ? check.root : *party);
  if (addresses.empty() && !check.is_ubl)
    check.require(false, rule.country_rule, term_label(rule.country) + " fehlt");
  for (const Group* address : addresses) check.require_filled(*address, rule.country, rule.country_rule);
}

void check_seller(Check& check) {
  const Group& seller = check.seller() == nullptr ? kNothing : *check.seller();
  check.require_filled(seller, 27, "BR-06");
  if (check.seller() == nullptr) return;
  const bool can_be_identified =
      seller.has(29) || seller.has(30) || seller.has(31) || check.invoice.first(90) != nullptr;
  check.require(can_be_identified, "BR-CO-26",
                "Der Verkäufer braucht eine Kennung (BT-29), Registernummer (BT-30) oder "
                "Umsatzsteuer-Identifikationsnummer (BT-31)",
                seller);
}

void check_electronic_address(Check& check, int party, int bt, std::string_view rule) {
  const Group* group = check.root.group(party);
  if (group == nullptr || !group->has(bt)) return;
  const Term& address = *group->term(bt);
  if (address.scheme.empty() || (!check.is_ubl && address.scheme == " "))
    check.report(Severity::fatal, rule, "Der Adresse fehlt ihr Schema", address);
}

void check_payee(Check& check) {
  const Group& seller = check.seller() == nullptr ? kNothing : *check.seller();
  for (const Group* payee : check.root.all_groups(10)) {
    const bool is_seller = shares_value(*payee, 59, seller, check.is_ubl ? 28 : 27) ||
                           shares_value(*payee, 60, seller, 29) ||
                           (!check.is_ubl && shares_value(*payee, 61, seller, 30));
    check.require(
        payee->has(59) && !is_seller, "BR-17",
        "Der Zahlungsempfänger (BG-10) braucht einen Namen und muss ein anderer als der Verkäufer sein",
        *payee);
    if (!check.is_ubl) continue;
    const std::string text = "Dem Zahlungsempfänger fehlt, was ihn vom Verkäufer unterscheidet";
    const bool has_name = payee->has(59);
    check.require(has_name, "UBL-SR-19", text, *payee);
    check.require(has_name && !shares_value(*payee, 60, seller, 29), "UBL-SR-20", text, *payee);
    check.require(has_name && !shares_value(*payee, 61, seller, 30), "UBL-SR-21", text, *payee);
  }
}

void check_representative(Check& check) {
  for (const Group* representative : check.root.all_groups(11)) {
    const bool named = check.is_ubl ? representative->filled(62) : representative->has(62);
    check.require(named, "BR-18", term_label(62) + " fehlt", *representative);
    const Groups addresses = representative->all_groups(12);
    check.require(!addresses.empty(), "BR-19", group_label(12) + " fehlt", *representative);
    if (addresses.empty() && !check.is_ubl)
      check.require(false, "BR-20", term_label(69) + " fehlt", *representative);
    for (const Group* address : addresses) {
      check.require_filled(*address, 69, "BR-20");
    }
    const bool has_vat_id = check.is_ubl ? representative->has(63) : representative->filled(63);
    check.require(has_vat_id, "BR-56", term_label(63) + " fehlt", *representative);
  }
}

void check_delivery_address(Check& check) {
  for (const Group* delivery : check.root.all_groups(13)) {
    for (const Group* address : delivery->all_groups(15)) {
      const bool given = check.is_ubl ? address->has(80) : address->filled(80);
      check.require(given, "BR-57", term_label(80) + " fehlt", *address);
    }
  }
}

/// VAT identifiers begin with a country; Greece writes EL.
void check_vat_id_prefix(Check& check) {
  for (const int bt : {31, 48, 63}) {
    for (const Term* id : check.invoice.all(bt)) {
      if (id->value.empty() && check.is_ubl) continue;
      const auto prefix = std::string_view(id->value).substr(0, 2);
      if (prefix == "EL" || prefix == "AN" || codes::contains(codes::kCountries, prefix)) continue;
      check.report(Severity::fatal, "BR-CO-09",
                   "Eine Umsatzsteuer-Identifikationsnummer beginnt mit dem Land, diese nicht: " + id->value,
                   *id);
    }
  }
}

}  // namespace

void check_parties(Check& check) {
  check_seller(check);
  check.require_filled(check.buyer() == nullptr ? kNothing : *check.buyer(), 44, "BR-07");
  check_address(check, {4, 5, 40, "BR-08", "BR-09"});
  check_address(check, {7, 8, 55, "BR-10", "BR-11"});
  check_payee(check);
  check_representative(check);
  check_delivery_address(check);
  check_electronic_address(check, 4, 34, "BR-62");
  check_electronic_address(check, 7, 49, "BR-63");
  check_vat_id_prefix(check);
}

}  // namespace mailroom::invoice::rules
