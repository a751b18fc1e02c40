#include "daemon/invoice/rules/check.h"
#include "daemon/invoice/rules/code_lists.h"

namespace mailroom::invoice::rules {
namespace {

constexpr std::string_view kVehicleCategories = " M1 M2 M3 N1 N2 N3 ";
constexpr std::string_view kCleanness = " clean zero-emission other ";

const Group kNothing;

Groups cleanness_of(const Group& item) {
  Groups found;
  for (const Group* property : item.all_groups(32))
    if (property->value(160) == "cva") found.push_back(property);
  return found;
}

/// True when the item is a vehicle with its cleanness.
bool check_item(Check& check, const Group& item) {
  const Groups cleanness = cleanness_of(item);
  std::size_t vehicles = 0;
  for (const Term* code : item.all_terms(158)) {
    const bool is_vehicle = code->scheme == "CVD";
    vehicles += is_vehicle ? 1 : 0;
    if (!is_vehicle && !codes::contains(codes::kItemSchemes, code->scheme))
      check.report(Severity::fatal, "BR-TMP-CVD-01",
                   "Das Schema '" + code->scheme + "' steht nicht in der Codeliste", *code);
    if (is_vehicle && !codes::contains(kVehicleCategories, code->value))
      check.report(Severity::fatal, "BR-DE-CVD-04", "'" + code->value + "' ist keine Fahrzeugklasse", *code);
  }
  check.require(vehicles == 0 || cleanness.size() == 1, "BR-DE-CVD-06-a",
                "Zur Fahrzeugklasse gehört genau eine Eigenschaft 'cva'", item);
  check.require(cleanness.empty() || vehicles == 1, "BR-DE-CVD-06-b",
                "Zur Eigenschaft 'cva' gehört genau eine Fahrzeugklasse (Schema CVD)", item);
  for (const Group* property : cleanness)
    check.require(codes::contains(kCleanness, property->value(161)), "BR-DE-CVD-05",
                  "Der Wert der Eigenschaft 'cva' ist keiner der vorgesehenen", *property);
  return vehicles > 0 && !cleanness.empty();
}

}  // namespace

void check_clean_vehicles(Check& check) {
  check.require_filled(check.root, 12, "BR-DE-CVD-01");
  check.require_filled(check.root, 17, "BR-DE-CVD-02");
  bool has_vehicle = false;
  for (const Group* line : check.lines)
    for (const Group* item : line->all_groups(31)) has_vehicle = check_item(check, *item) || has_vehicle;
  check.require(has_vehicle, "BR-DE-CVD-03",
                "Keine Position nennt Fahrzeugklasse (CVD) und Eigenschaft 'cva'");
}

}  // namespace mailroom::invoice::rules
