#include "daemon/invoice/rules/check.h"

namespace mailroom::invoice::rules {
namespace {

const Group kNothing;

void check_head(Check& check) {
  const Group* process = check.root.group(2);
  check.require_filled(process == nullptr ? kNothing : *process, 24, "BR-01");
  check.require_filled(check.root, 1, "BR-02");
  const Term* date = check.root.term(2);
  const bool is_readable =
      date != nullptr && !date->value.empty() && (check.is_ubl || date->version == "102");
  check.require(is_readable, "BR-03", term_label(2) + " fehlt oder ist nicht lesbar");
  check.require_filled(check.root, 3, "BR-04");
  check.require_filled(check.root, 5, "BR-05");
  check.require(!check.root.has(7) || !check.root.has(8), "BR-CO-03",
                "Steuerdatum (BT-7) und Code für das Steuerdatum (BT-8) schließen einander aus");
}

void check_totals_present(Check& check) {
  for (const Group* totals : check.root.all_groups(22)) {
    if (totals->line == 0) continue;
    check.require_term(*totals, 106, "BR-12");
    check.require_term(*totals, 109, "BR-13");
    check.require_term(*totals, 112, "BR-14");
    check.require_term(*totals, 115, "BR-15");
  }
  check.require(!check.lines.empty(), "BR-16", "Die Rechnung hat keine Position (BG-25)");
}

/// `end` may not lie before `begin`; dates of the CII must be days (format 102).
bool is_in_order(const Check& check, const Group& period, int begin, int end) {
  const Term* from = period.term(begin);
  const Term* to = period.term(end);
  if (from == nullptr || to == nullptr) return true;
  if (!check.is_ubl && (from->version != "102" || to->version != "102")) return false;
  return to->value >= from->value;
}

void check_periods(Check& check) {
  const Group* delivery = check.root.group(13);
  for (const Group* period : delivery == nullptr ? Groups() : delivery->all_groups(14)) {
    check.require(is_in_order(check, *period, 73, 74), "BR-29",
                  "Der Abrechnungszeitraum endet, bevor er beginnt", *period);
    const bool has_code_only = check.is_ubl && check.root.has(8);
    check.require(period->has(73) || period->has(74) || has_code_only, "BR-CO-19",
                  "Der Abrechnungszeitraum hat weder Beginn noch Ende", *period);
  }
  for (const Group* line : check.lines) {
    for (const Group* period : line->all_groups(26)) {
      check.require(is_in_order(check, *period, 134, 135), "BR-30",
                    "Der Zeitraum der Position endet, bevor er beginnt", *period);
      check.require(period->has(134) || period->has(135), "BR-CO-20",
                    "Der Zeitraum der Position hat weder Beginn noch Ende", *period);
    }
  }
}

void check_price(Check& check, const Group& line) {
  const Group* price = line.group(29);
  const Group& shown = price == nullptr ? line : *price;
  check.require(price != nullptr && price->has(146), "BR-26", term_label(146) + " fehlt", shown);
  const auto net = price == nullptr ? std::nullopt : price->decimal(146);
  check.require(net && *net >= 0, "BR-27", "Der Nettopreis (BT-146) darf nicht negativ sein", shown);
  if (price == nullptr || !price->has(148)) return;
  const auto gross = price->decimal(148);
  check.require(gross && *gross >= 0, "BR-28", "Der Bruttopreis (BT-148) darf nicht negativ sein", shown);
}

void check_line(Check& check, const Group& line) {
  check.require_filled(line, 126, "BR-21");
  check.require_term(line, 129, "BR-22");
  check.require_term(line, 130, "BR-23");
  check.require_term(line, 131, "BR-24");
  const Group* item = line.group(31);
  check.require(item != nullptr && item->filled(153), "BR-25", term_label(153) + " fehlt", line);
  check_price(check, line);
  bool has_category = false;
  for (const Group* vat : line.all_groups(30))
    for (const Term* category : vat->all_terms(151)) has_category = has_category || category->scheme == "VAT";
  check.require(has_category, "BR-CO-04", "Die Position hat keine Umsatzsteuerkategorie (BT-151)", line);
  if (item == nullptr) return;
  for (const Group* property : item->all_groups(32))
    check.require(property->has(160) && property->has(161), "BR-54",
                  "Eine Artikeleigenschaft braucht Namen und Wert", *property);
  for (const Term* id : item->all_terms(157))
    if (id->scheme.empty() || (!check.is_ubl && id->scheme == " "))
      check.report(Severity::fatal, "BR-64", "Der Kennung fehlt ihr Schema", *id);
  for (const Term* code : item->all_terms(158))
    if (code->scheme.empty())
      check.report(Severity::fatal, "BR-65", "Der Klassifizierung fehlt ihr Schema", *code);
}

void check_documents(Check& check) {
  for (const Group* document : check.root.all_groups(24)) check.require_filled(*document, 122, "BR-52");
  for (const Group* preceding : check.root.all_groups(3)) {
    const bool given = check.is_ubl ? preceding->has(25) : preceding->filled(25);
    check.require(given, "BR-55", term_label(25) + " fehlt", *preceding);
  }
}

}  // namespace

void check_presence(Check& check) {
  check_head(check);
  check_totals_present(check);
  check_periods(check);
  for (const Group* line : check.lines) check_line(check, *line);
  check_documents(check);
}

}  // namespace mailroom::invoice::rules
