#pragma once

#include <string>
#include <vector>

#include "daemon/assembly/assemble.h"
#include "daemon/assembly/routing_sheet.h"
#include "tests/support/places.h"

namespace mailroom::test {

inline const Configuration& shipped() {
  static const auto kConfiguration = load_configuration(source_path("config"));
  return kConfiguration.value();
}

inline const std::vector<RoutingKey>& keys() {
  static const std::vector<RoutingKey> kKeys{new_routing_key()};
  return kKeys;
}

/// A stack described sheet by sheet; pages are named "1f", "1b", "2f" ...
class Stack {
 public:
  explicit Stack(const std::string& profile = "post") {
    batch.profile = profile;
    batch.received = {"2026-11-23", Channel::letter};
  }

  Stack& sheet(PageReport front, PageReport back = blank()) {
    const int number = ++batch.sheets_fed;
    batch.declared = batch.sheets_fed;
    add(number, Side::front, std::move(front));
    add(number, Side::back, std::move(back));
    return *this;
  }
  Stack& route(assembly::RoutingSheet sheet, PageReport back = blank()) {
    return this->sheet(separator(sheet), std::move(back));
  }

  static PageReport blank() {
    PageReport report = paper();
    report.blank = true;
    return report;
  }
  static PageReport text() { return paper(); }
  static PageReport separator(const assembly::RoutingSheet& sheet,
                              const std::vector<RoutingKey>& with = keys()) {
    const auto payloads = assembly::encode_routing_sheet(sheet, with.front()).value();
    PageReport report = paper();
    report.only_codes = true;
    report.codes = {{"QRCode", payloads.qr, "", {100, 100, 300, 300}, {"zxing"}},
                    {"Code128", payloads.code128, "", {100, 900, 900, 200}, {"zbar"}}};
    return report;
  }
  static PageReport patch() {
    PageReport report = paper();
    report.only_codes = true;
    report.patch = "PATCHT";
    report.codes = {{"Code128", "PATCHT", "", {100, 100, 900, 200}, {"zbar"}}};
    return report;
  }

  [[nodiscard]] assembly::Assembly assemble(const std::vector<assembly::Resolution>& answers = {}) const {
    return assembly::assemble(batch, pages, answers, shipped(), keys());
  }

  assembly::BatchFacts batch;
  std::vector<assembly::PageFacts> pages;

 private:
  static PageReport paper() {
    PageReport report;
    report.width = 2480;
    report.height = 3508;
    report.dpi = 300;
    return report;
  }
  void add(int number, Side side, PageReport report) {
    const auto id = std::to_string(number) + (side == Side::front ? "f" : "b");
    pages.push_back({id, number, side, "digest " + id, std::move(report)});
  }
};

/// "1f 2f | 4f 4b": the pages of each document.
inline std::string shape(const assembly::Assembly& assembly) {
  std::string text;
  for (const auto& document : assembly.documents) {
    if (!text.empty()) text += " |";
    for (const auto& part : document.pages) text += (text.empty() ? "" : " ") + part.page;
  }
  return text;
}

inline std::vector<std::string> reasons(const assembly::Assembly& assembly) {
  std::vector<std::string> names;
  for (const auto& clarification : assembly.clarifications) names.push_back(clarification.reason);
  return names;
}

inline assembly::Resolution answer(const assembly::Clarification& to, const std::string& kind,
                                   nlohmann::json arguments = nlohmann::json::object()) {
  return {to.key, kind, std::move(arguments), "operator-1", "2026-11-23T10:00:00.000Z"};
}

}  // namespace mailroom::test
