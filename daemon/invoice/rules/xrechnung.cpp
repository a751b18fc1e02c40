#include <algorithm>
#include <cctype>
#include <regex>
#include <set>

#include "daemon/invoice/check_digits.h"
#include "daemon/invoice/rules/check.h"
#include "daemon/invoice/rules/xrechnung_ids.h"

namespace mailroom::invoice::rules {
namespace {

const Group kNothing;

void warn(Check& check, bool holds, std::string_view rule, const std::string& text, const Group& place) {
  if (!holds) check.report(Severity::warning, rule, text, place);
}

void check_seller(Check& check) {
  const Group& seller = check.seller() == nullptr ? kNothing : *check.seller();
  if (check.seller() != nullptr)
    check.require(seller.group(6) != nullptr, "BR-DE-2", "Der Kontakt des Verkäufers (BG-6) fehlt", seller);
  for (const Group* address : seller.all_groups(5)) {
    check.require_filled(*address, 37, "BR-DE-3");
    check.require_filled(*address, 38, "BR-DE-4");
  }
  for (const Group* contact : seller.all_groups(6)) {
    const auto names = contact->all_terms(41);
    check.require(
        std::any_of(names.begin(), names.end(), [](const Term* name) { return !name->value.empty(); }),
        "BR-DE-5", term_label(41) + " fehlt", *contact);
    check.require_filled(*contact, 42, "BR-DE-6");
    check.require_filled(*contact, 43, "BR-DE-7");
    const std::string& phone = contact->value(42);
    warn(check,
         std::count_if(phone.begin(), phone.end(), [](unsigned char c) { return c >= '0' && c <= '9'; }) >= 3,
         "BR-DE-27", "Die Telefonnummer (BT-42) soll mindestens drei Ziffern haben", *contact);
    warn(check, is_plausible_email(contact->value(43)), "BR-DE-28",
         "Die E-Mail-Adresse (BT-43) sieht nicht wie eine aus", *contact);
  }
}

void check_buyer(Check& check) {
  check.require_filled(check.root, 10, "BR-DE-15");
  for (const Group* address : check.buyer() == nullptr ? Groups() : check.buyer()->all_groups(8)) {
    check.require_filled(*address, 52, "BR-DE-8");
    check.require_filled(*address, 53, "BR-DE-9");
  }
  for (const Group* delivery : check.root.all_groups(13)) {
    for (const Group* address : delivery->all_groups(15)) {
      check.require_filled(*address, 77, "BR-DE-10");
      check.require_filled(*address, 78, "BR-DE-11");
    }
  }
}

/// The seller's tax identity is needed as soon as any category but O or B is used.
void check_tax_identity(Check& check) {
  static const std::set<std::string> kNeedIt{"S", "Z", "E", "AE", "K", "G", "L", "M"};
  bool used = false;
  each_term(check.root, [&](const Group&, const Term& term) {
    const bool counts = term.number == 151 || (check.is_ubl && (term.number == 95 || term.number == 102));
    used = used || (counts && (check.is_ubl || term.scheme == "VAT") && kNeedIt.count(term.value) != 0);
  });
  bool known = check.root.group(11) != nullptr;
  for (const int bt : {31, 32})
    for (const Term* id : check.invoice.all(bt)) known = known || !id->value.empty();
  check.require(
      !used || known, "BR-DE-16",
      "Steuernummer (BT-32), Umsatzsteuer-Identifikationsnummer (BT-31) oder Steuervertreter (BG-11) des "
      "Verkäufers fehlt");
}

/// Lines that begin with '#' must be Skonto lines, and a line break must follow the last '#'.
bool skonto_is_well_formed(const std::string& terms) {
  static const std::regex kLine(
      "(^|\\r?\\n)#SKONTO#TAGE=[0-9]+#PROZENT=[0-9]+\\.[0-9]{2}"
      "(#BASISBETRAG=-?[0-9]+\\.[0-9]{2})?#$");
  bool any = false;
  std::size_t after_last = 0;
  for (std::size_t begin = 0; begin <= terms.size();) {
    const auto end = std::min(terms.find('\n', begin), terms.size());
    const std::string line = terms.substr(begin, end - begin);
    const auto first = line.find_first_not_of(" \t\r");
    if (first != std::string::npos && line[first] == '#') {
      any = true;
      const auto last = line.find_last_not_of(" \t\r");
      if (!std::regex_search(line.substr(first, last - first + 1), kLine)) return false;
    }
    const auto opening = line.find('#');
    const auto closing = line.rfind('#');
    if (opening != std::string::npos && closing > opening + 1) after_last = begin + closing + 1;
    begin = end + 1;
  }
  if (!any) return true;
  const auto rest = terms.find_first_not_of(" \t\r", after_last);
  return rest != std::string::npos && terms[rest] == '\n';
}

void check_head(Check& check) {
  static const std::set<std::string> kTypes{"326", "380", "384", "389", "381", "875", "876", "877"};
  const std::string& type = check.root.value(3);
  warn(check, kTypes.count(type) != 0, "BR-DE-17",
       "Die Rechnungsart (BT-3) ist bei XRechnung nicht vorgesehen: " + type, check.root);
  const Term* terms = check.root.term(20);
  if (terms != nullptr)
    check.require(
        skonto_is_well_formed(terms->value), "BR-DE-18",
        "Skontozeilen müssen lauten: #SKONTO#TAGE=14#PROZENT=2.00# und mit einem Zeilenumbruch enden");
  const std::string& specification = check.invoice.value(24);
  const Term* id = check.invoice.first(24);
  const bool current = is_current_xrechnung(specification) && id != nullptr && !id->spaced;
  warn(check, current, "BR-DE-21", "Die Spezifikationskennung (BT-24) ist nicht die von XRechnung 3.0",
       check.root);
  std::set<std::string> names;
  bool unique = true;
  for (const Group* document : check.root.all_groups(24))
    for (const Term* file : document->all_terms(125))
      if (!file->version.empty()) unique = names.insert(file->version).second && unique;
  check.require(unique, "BR-DE-22", "Die Dateinamen der Anlagen müssen sich unterscheiden");
  warn(check, type != "384" || check.root.group(3) != nullptr, "BR-DE-26",
       "Eine berichtigte Rechnung (384) soll die vorausgegangene nennen (BG-3)", check.root);
}

/// People write IBANs with spaces.
bool is_written_iban(std::string text) {
  std::erase_if(text, [](unsigned char c) { return std::isspace(c) != 0; });
  return is_iban(text);
}

void check_transfer(Check& check, const Group& payment, bool has_debit) {
  const std::string& code = payment.value(81);
  const Group* account = payment.group(17);
  if (code == "58")
    warn(check, account != nullptr && is_written_iban(account->value(84)), "BR-DE-19",
         "Die IBAN (BT-84) hat eine falsche Prüfziffer oder Form", payment);
  check.require(account != nullptr && account->line > 0, "BR-DE-23-a",
                "Der Überweisung fehlt das Konto (BG-17)", payment);
  check.require(payment.group(18) == nullptr && !has_debit, "BR-DE-23-b",
                "Bei Überweisung dürfen Karte (BG-18) und Lastschrift (BG-19) nicht stehen", payment);
}

void check_card(Check& check, const Group& payment, bool has_debit) {
  const Group* account = payment.group(17);
  check.require(payment.group(18) != nullptr, "BR-DE-24-a", "Der Kartenzahlung fehlt die Karte (BG-18)",
                payment);
  check.require((account == nullptr || account->line == 0) && !has_debit, "BR-DE-24-b",
                "Bei Kartenzahlung dürfen Überweisung (BG-17) und Lastschrift (BG-19) nicht stehen", payment);
}

void check_debit(Check& check, const Group& payment, bool has_debit) {
  const Group* account = payment.group(17);
  const Group* mandate = payment.group(19);
  warn(check, mandate != nullptr && is_written_iban(mandate->value(91)), "BR-DE-20",
       "Die IBAN des belasteten Kontos (BT-91) hat eine falsche Prüfziffer oder Form", payment);
  check.require(has_debit, "BR-DE-25-a", "Der Lastschrift fehlt das Mandat (BG-19)", payment);
  check.require((account == nullptr || account->line == 0) && payment.group(18) == nullptr, "BR-DE-25-b",
                "Bei Lastschrift dürfen Überweisung (BG-17) und Karte (BG-18) nicht stehen", payment);
}

void check_means(Check& check) {
  const bool has_mandate = check.invoice.first(89) != nullptr,
             has_creditor = check.invoice.first(90) != nullptr;
  for (const Group* payment : check.payments()) {
    const Group* mandate = payment->group(19);
    const bool has_debit = check.is_ubl
                               ? mandate != nullptr && mandate->line > 0
                               : has_mandate || has_creditor || (mandate != nullptr && mandate->has(91));
    const std::string& code = payment->value(81);
    if (code == "30" || code == "58") check_transfer(check, *payment, has_debit);
    if (code == "48" || code == "54" || code == "55") check_card(check, *payment, has_debit);
    if (code == "59") check_debit(check, *payment, has_debit);
  }
}

/// UBL has an element for the mandate; the CII only its three values, of which one must bring the others.
void check_mandate(Check& check) {
  const bool mandate = check.invoice.first(89) != nullptr, creditor = check.invoice.first(90) != nullptr,
             account = check.invoice.first(91) != nullptr;
  bool exists = mandate || creditor || account;
  if (check.is_ubl) {
    exists = false;
    for (const Group* payment : check.payments())
      for (const Group* debit : payment->all_groups(19)) exists = exists || debit->line > 0;
  }
  if (!exists) return;
  check.require(creditor && (check.is_ubl || mandate || account), "BR-DE-30",
                "Der Lastschrift fehlt die Gläubiger-Identifikationsnummer (BT-90)");
  check.require(account && (check.is_ubl || mandate || creditor), "BR-DE-31",
                "Der Lastschrift fehlt das zu belastende Konto (BT-91)");
}

void check_delivery_date(Check& check) {
  const Group* delivery = check.root.group(13);
  const bool has_date = check.invoice.first(72) != nullptr;
  const bool has_period = delivery != nullptr && delivery->group(14) != nullptr;
  const bool lines_have = std::all_of(check.lines.begin(), check.lines.end(),
                                      [](const Group* line) { return line->group(26) != nullptr; });
  if (!has_date && !has_period && !lines_have)
    check.report(Severity::information, "BR-DE-TMP-32",
                 "Liefer- oder Leistungsdatum sollte angegeben sein (BT-72, BG-14 oder BG-26)", check.root);
}

void check_attachments(Check& check) {
  static const std::regex kUrl("^[a-zA-Z][a-zA-Z0-9+.-]+:.*");
  for (const Group* document : check.root.all_groups(24)) {
    const Term* url = document->term(124);
    if (url != nullptr)
      warn(check, std::regex_search(url->value, kUrl), "BR-TMP-2",
           "Der Ort der Anlage (BT-124) ist keine vollständige Adresse", *document);
  }
}

}  // namespace

void check_xrechnung(Check& check) {
  check.require(!check.payments().empty(), "BR-DE-1", "Die Zahlungsangaben (BG-16) fehlen");
  check_seller(check);
  check_buyer(check);
  check_tax_identity(check);
  check_head(check);
  check_means(check);
  check_mandate(check);
  for (const Group* group : check.root.all_groups(23)) check.require_filled(*group, 119, "BR-DE-14");
  check_delivery_date(check);
  check_attachments(check);
  if (!check.is_ubl) check_price_quantities(check);
}

}  // namespace mailroom::invoice::rules
