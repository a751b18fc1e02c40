#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/e2e/evidence.h"
#include "tests/e2e/mailroom.h"
#include "tests/e2e/small_stack.h"

namespace mailroom::e2e {
namespace {

using nlohmann::json;

constexpr int kSheets = 5;

/// A stack of letters that differ, whose scanner fails once at its third sheet.
std::string begin(Mailroom& mailroom, const std::string& fault, const std::string& more = "") {
  mailroom.append_configuration("profiles.toml", kQuickProfile);
  mailroom.add_scanner("one", "fault = 3:" + fault);
  const fs::path stack = mailroom.root() / "stack";
  std::vector<DrawnSide> sides;
  for (const char* matter : {"Wohngeld Bescheid", "Hundesteuer Anmeldung", "Grundsteuer Widerspruch",
                             "Personalausweis Verlust", "Sperrmuell Termin"}) {
    sides.push_back(plain_letters(1, matter).front());
    sides.push_back({});
  }
  draw_stack(stack, sides, mailroom.identities() / "routing.key");
  mailroom.load_feeder("one", stack);
  mailroom.start_all();
  const auto number = mailroom.scan("one", "--profile quick " + more);
  REQUIRE(eventually([&] { return mailroom.show(number)["state"] == "interrupted"; }, 60s));
  return number;
}

int with_role(const json& batch, const std::string& role) {
  const json& pages = batch["pages"];
  return int(
      std::count_if(pages.begin(), pages.end(), [&](const json& page) { return page["role"] == role; }));
}

}  // namespace

TEST_CASE("after a jam the sheets that went in again are set aside and the batch is whole") {
  Mailroom mailroom;
  const auto number = begin(mailroom, "read-jam", "--declared " + std::to_string(kSheets));
  const json halted = mailroom.show(number);
  CHECK(halted["feed_end"] == "paper_jam");
  CHECK_THAT(halted["fault"].get<std::string>(),
             Catch::Matchers::Contains("Papierstau (Blatt 3, Vorderseite: es steckt im Scanner)") &&
                 Catch::Matchers::Contains("Bis Blatt 2 ist alles gesichert"));
  mailroom.put_back("one", 1);  // sheet 2 goes in again although it is safe
  mailroom.scan("one", "--batch " + number);
  const json summary = mailroom.follow(number);
  INFO(summary.dump(1));
  REQUIRE(summary["exit"] == 0);
  const json batch = mailroom.show(number);
  CHECK(batch["sheets"] == kSheets + 1);
  CHECK(with_role(batch, "copy") == 2);
  CHECK(with_role(batch, "content") == kSheets);
  CHECK(batch["counted_by"] == "declared");
  REQUIRE(summary["documents"].size() == 1);
  CHECK(summary["documents"][0]["pages"] == kSheets);
  const auto folder =
      mailroom.delivered("ecm") / summary["documents"][0]["deliveries"][0]["id"].get<std::string>();
  const json note = open_delivery(folder).note;
  CHECK_THAT(note["anomalies"].dump(), Catch::Matchers::Contains("feed_paper_jam"));
}

TEST_CASE("sheets that went in again are asked about when nothing but pictures speaks for it") {
  Mailroom mailroom;
  const auto number = begin(mailroom, "jam");
  mailroom.put_back("one", 0);
  mailroom.scan("one", "--batch " + number);
  const json summary = mailroom.follow(number);
  INFO(summary.dump(1));
  REQUIRE(summary["exit"] == 3);
  REQUIRE(summary["held"][0]["reason"] == "sheets_fed_again");
  const auto question = summary["held"][0]["clarification"].get<std::string>();
  REQUIRE(mailroom.ctl("clarify " + question + " --operator anna --resolve treat_as_copy").code == 0);
  const json settled = mailroom.follow(number);
  INFO(settled.dump(1));
  CHECK(settled["exit"] == 0);
  CHECK(settled["documents"][0]["pages"] == kSheets);
}

}  // namespace mailroom::e2e
