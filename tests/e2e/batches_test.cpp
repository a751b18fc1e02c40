#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "tests/e2e/evidence.h"
#include "tests/e2e/mailroom.h"
#include "tests/e2e/small_stack.h"

namespace mailroom::e2e {
namespace {

using nlohmann::json;

/// The captured sides that a recipient got with the documents of a batch.
std::multiset<std::string> delivered_sides(const Mailroom& mailroom, const json& summary) {
  std::multiset<std::string> sides;
  for (const auto& document : summary["documents"]) {
    const auto folder = mailroom.delivered("ecm") / document["deliveries"][0]["id"].get<std::string>();
    const auto delivered = open_delivery(folder);
    for (const auto& page : delivered.note["pages"]) sides.insert(page["sha256"].get<std::string>());
  }
  return sides;
}

std::multiset<std::string> captured_sides(const json& batch) {
  std::multiset<std::string> sides;
  for (const auto& page : batch["pages"]) sides.insert(page["sha256"].get<std::string>());
  return sides;
}

void prepare(Mailroom& mailroom) {
  mailroom.append_configuration("profiles.toml", kQuickProfile);
  mailroom.add_scanner("one");
  mailroom.add_scanner("two");
}

void load(Mailroom& mailroom, const std::string& scanner, const std::vector<DrawnSide>& sides) {
  const fs::path stack = mailroom.root() / ("stack-" + scanner);
  fs::remove_all(stack);
  draw_stack(stack, sides, mailroom.identities() / "routing.key");
  mailroom.load_feeder(scanner, stack);
}

void check_two_scanners(Mailroom& mailroom) {
  load(mailroom, "one", plain_letters(4, "Antrag auf Wohngeld"));
  load(mailroom, "two", plain_letters(3, "Widerspruch gegen den Bescheid"));
  const auto first = mailroom.scan("one", "--profile quick --declared 4");
  const auto second = mailroom.scan("two", "--profile quick --declared 3");
  for (const auto& [number, sheets, word] :
       {std::tuple(first, 4, "Wohngeld"), std::tuple(second, 3, "Bescheid")}) {
    const json summary = mailroom.follow(number);
    INFO(summary.dump(1));
    REQUIRE(summary["exit"] == 0);
    REQUIRE(summary["documents"].size() == 1);  // nothing separates: one document of the profile's class
    const json& document = summary["documents"][0];
    CHECK(document["class"] == "letter");
    CHECK(document["department"] == "poststelle");
    CHECK(document["pages"] == sheets);
    CHECK(delivered_sides(mailroom, summary) == captured_sides(mailroom.show(number)));
    const auto folder = mailroom.delivered("ecm") / document["deliveries"][0]["id"].get<std::string>();
    CHECK_THAT(text_of_page(folder / "document.pdf", sheets), Catch::Matchers::Contains(word));
  }
}

void check_only_blanks(Mailroom& mailroom) {
  const std::size_t before = mailroom.deliveries("ecm").size();
  load(mailroom, "one", {{}, {}, {}, {}});
  const auto number = mailroom.scan("one", "--profile quick");
  json summary = mailroom.follow(number);
  INFO(summary.dump(1));
  CHECK(summary["exit"] == 3);
  CHECK(summary["documents"].empty());
  const auto no_content = std::find_if(summary["held"].begin(), summary["held"].end(),
                                       [](const json& held) { return held["reason"] == "no_content"; });
  REQUIRE(no_content != summary["held"].end());
  for (const auto& held : summary["held"]) {
    REQUIRE(
        mailroom
            .ctl("clarify " + held["clarification"].get<std::string>() + " --operator anna --resolve confirm")
            .code == 0);
  }
  CHECK(mailroom.show(number)["state"] == "finished");
  CHECK(mailroom.deliveries("ecm").size() == before);
}

void check_jam(Mailroom& mailroom) {
  mailroom.add_scanner("jamming", "fault = 3:jam");
  load(mailroom, "jamming", plain_letters(5));
  const auto number = mailroom.scan("jamming", "--profile quick --declared 5");
  json summary = mailroom.follow(number);
  INFO(summary.dump(1));
  CHECK(summary["exit"] == 3);
  CHECK(summary["batch"]["state"] == "interrupted");
  CHECK(summary["batch"]["sheets"]["fed"] == 2);
  mailroom.scan("jamming", "--batch " + number);
  summary = mailroom.follow(number);
  CHECK(summary["exit"] == 0);
  CHECK(summary["batch"]["sheets"]["fed"] == 5);
  REQUIRE(summary["documents"].size() == 1);
  CHECK(summary["documents"][0]["pages"] == 5);
  const auto sides = delivered_sides(mailroom, summary);
  CHECK(sides == captured_sides(mailroom.show(number)));
  CHECK(sides.size() == 10);
}

TEST_CASE("two scanners mix nothing, a stack of blanks asks, a jammed batch goes on without loss") {
  Mailroom mailroom;
  prepare(mailroom);
  mailroom.start_all();
  check_two_scanners(mailroom);
  check_only_blanks(mailroom);
  check_jam(mailroom);
  CHECK(mailroom.findings() == json::array());
}

/// Answers the only open question of the batch, which must be `reason`.
json answer(Mailroom& mailroom, const std::string& batch, const std::string& reason,
            const std::string& resolution) {
  const json held = mailroom.follow(batch)["held"];
  INFO(held.dump(1));
  REQUIRE(held.size() == 1);
  REQUIRE(held[0]["reason"] == reason);
  const auto answered = mailroom.ctl("clarify " + held[0]["clarification"].get<std::string>() +
                                     " --operator berta --resolve " + resolution);
  INFO(answered.output);
  REQUIRE(answered.code == 0);
  return mailroom.follow(batch);
}

void check_gate(Mailroom& mailroom) {
  load(mailroom, "one", {{"", "document:OBJ:3000"}, {}, {"Widerspruch", ""}, {}});
  const auto number = mailroom.scan("one", "--profile quick");
  const json summary = answer(mailroom, number, "gate_review", "set_routing department=bauamt");
  CHECK(summary["exit"] == 0);
  CHECK(summary["documents"][0]["class"] == "objection");
  CHECK(summary["documents"][0]["department"] == "bauamt");
}

void check_forged_sheet(Mailroom& mailroom) {
  load(mailroom, "one",
       {{"Erste Seite", ""}, {}, {"", "foreign document:INV:2000"}, {}, {"Letzte Seite", ""}, {}});
  const auto number = mailroom.scan("one", "--profile quick");
  const json summary = answer(mailroom, number, "routing_sheet_forged", "accept_as_content");
  CHECK(summary["exit"] == 0);
  REQUIRE(summary["documents"].size() == 1);
  CHECK(summary["documents"][0]["class"] == "letter");
  CHECK(summary["documents"][0]["pages"] == 3);
}

void check_wrong_count(Mailroom& mailroom) {
  load(mailroom, "one", plain_letters(2));
  const auto number = mailroom.scan("one", "--profile quick --declared 3");
  const json held = mailroom.follow(number)["held"];
  REQUIRE(held.size() == 1);
  const auto wrong = mailroom.ctl("clarify " + held[0]["clarification"].get<std::string>() +
                                  " --operator berta --resolve confirm_count sheets=3");
  CHECK(wrong.code == 1);
  CHECK_THAT(wrong.output, Catch::Matchers::Contains("2 sheets were fed"));
  const json summary = answer(mailroom, number, "count_mismatch", "confirm_count sheets=2");
  CHECK(summary["exit"] == 0);
  const auto folder =
      mailroom.delivered("ecm") / summary["documents"][0]["deliveries"][0]["id"].get<std::string>();
  CHECK(open_delivery(folder).note["accounting"]["method"] == "confirm");
}

void check_return(Mailroom& mailroom) {
  mailroom.start_recipient("ecm", {"--return-class", "delivery_note"});
  load(mailroom, "one", {{"", "document:DLN:2000"}, {}, {"Lieferschein", ""}, {}});
  const auto number = mailroom.scan("one", "--profile quick");
  const json summary = answer(mailroom, number, "sent_back", "reissue class=letter department=kaemmerei");
  INFO(summary.dump(1));
  CHECK(summary["exit"] == 0);
  REQUIRE(summary["documents"].size() == 2);
  const json &before = summary["documents"][0], &after = summary["documents"][1];
  CHECK(before["state"] == "superseded");
  CHECK(after["state"] == "receipted");
  CHECK(after["supersedes"] == before["id"]);
  const auto folder = mailroom.delivered("ecm") / after["deliveries"][0]["id"].get<std::string>();
  CHECK(open_delivery(folder).manifest["data"]["document"]["supersedes"] == before["deliveries"][0]["id"]);
}

TEST_CASE("questions are answered on the command line and the documents go out as answered") {
  Mailroom mailroom;
  prepare(mailroom);
  mailroom.start_all();
  check_gate(mailroom);
  check_forged_sheet(mailroom);
  check_wrong_count(mailroom);
  check_return(mailroom);
  CHECK(mailroom.findings() == json::array());
}

}  // namespace
}  // namespace mailroom::e2e
