#include "daemon/assembly/edits.h"

#include <catch2/catch.hpp>
#include <map>
#include <random>

#include "tests/assembly/stack.h"

using namespace mailroom;
using namespace mailroom::test;
using assembly::Edit;
using nlohmann::json;

namespace {

Edit edit(const std::string& kind, json arguments) {
  static int number = 0;
  return {"edit " + std::to_string(++number), kind, std::move(arguments), "anna", "2026-11-25T10:00:00.000Z"};
}

Stack three_letters() {
  Stack stack;
  stack.route({assembly::RoutingKind::document, "LET", "3300"}).sheet(Stack::text(), Stack::text());
  stack.route({assembly::RoutingKind::document, "LET", "3300"}).sheet(Stack::text());
  stack.route({assembly::RoutingKind::document, "INV", "2000"}).sheet(Stack::text());
  stack.batch.id = "batch";
  return stack;
}

assembly::Assembly assembled(const Stack& stack, const std::vector<Edit>& edits,
                             const Configuration& configuration = shipped()) {
  return assembly::assemble(stack.batch, stack.pages, {}, configuration, keys(), {edits, {}});
}

std::string shape_after(const std::vector<Edit>& edits) {
  return shape(assembled(three_letters(), edits));
}

}  // namespace

TEST_CASE("persons split, join, move, set aside and bring back pages") {
  CHECK(shape_after({}) == "2f 2b | 4f | 6f");
  CHECK(shape_after({edit("split", {{"page", "2b"}})}) == "2f | 2b | 4f | 6f");
  CHECK(shape_after({edit("merge", {{"document", "4f"}})}) == "2f 2b 4f | 6f");
  CHECK(shape_after({edit("move", {{"page", "2b"}, {"after", "6f"}})}) == "2f | 4f | 6f 2b");
  CHECK(shape_after({edit("move", {{"page", "2f"}, {"after", "2b"}})}) == "2b 2f | 4f | 6f");
  CHECK(shape_after({edit("set_aside", {{"pages", {"4f"}}, {"role", "copy"}})}) == "2f 2b | 6f");
  CHECK(shape_after({edit("bring_back", {{"pages", {"4b"}}})}) == "2f 2b | 4f 4b | 6f");
  CHECK(shape_after({edit("set_aside", {{"pages", {"2f", "2b", "4f", "6f"}}, {"role", "blank"}}),
                     edit("bring_back", {{"pages", {"4f"}}})}) == "4f");
}

TEST_CASE("a key at the panel begins a document with the next sheet, whatever is printed on it") {
  Stack stack;
  for (int i = 0; i < 4; ++i) stack.sheet(Stack::text());
  stack.batch.id = "batch";
  const auto begun = [&](int sheet) { return edit("begin_document", {{"sheet", sheet}}); };
  CHECK(shape(assembled(stack, {begun(3)})) == "1f 2f | 3f 4f");
  CHECK(shape(assembled(stack, {begun(3), begun(3), begun(4)})) == "1f 2f | 3f | 4f");
  CHECK(shape(assembled(stack, {begun(1)})) == "1f 2f 3f 4f");
  const auto done = assembled(stack, {begun(3)});
  CHECK(done.documents.at(1).remarks == std::vector<std::string>{"begun_by_key"});

  const auto waiting =
      assembled(stack, {begun(5), edit("mark_next", {{"sheet", 5}, {"priority", "urgent"}})});
  CHECK(shape(waiting) == "1f 2f 3f 4f");
  CHECK(waiting.unfollowed.empty());
  CHECK(waiting.documents.at(0).priority == Priority::ordinary);
}

TEST_CASE("a mark is for the first document that begins from its sheet on; the latest one counts") {
  Stack stack;
  for (int i = 0; i < 4; ++i) stack.sheet(Stack::text());
  stack.batch.id = "batch";
  const std::vector<Edit> edits = {
      edit("begin_document", {{"sheet", 2}}), edit("begin_document", {{"sheet", 4}}),
      edit("mark_next", {{"sheet", 3}, {"class", "invoice"}, {"priority", "urgent"}}),
      edit("mark_next", {{"sheet", 2}, {"priority", "urgent"}}),
      edit("mark_next", {{"sheet", 2}, {"priority", "ordinary"}})};
  const auto done = assembled(stack, edits);
  REQUIRE(shape(done) == "1f | 2f 3f | 4f");
  CHECK(done.documents.at(1).priority == Priority::ordinary);
  CHECK(done.documents.at(2).priority == Priority::urgent);
  CHECK(done.documents.at(2).document_class == "invoice");
}

TEST_CASE("a document without its first page is known by the next one, and later edits find it") {
  const auto done =
      assembled(three_letters(), {edit("set_aside", {{"pages", {"2f"}}, {"role", "envelope"}}),
                                  edit("set_class", {{"document", "2b"}, {"class", "invoice"}})});
  CHECK(done.unfollowed.empty());
  CHECK(done.documents.at(0).key == "2b");
  CHECK(done.documents.at(0).document_class == "invoice");
}

TEST_CASE("an edit that names what is not there has no effect and says so") {
  const std::vector<Edit> lost = {edit("split", {{"page", "9f"}}),
                                  edit("split", {{"page", "2f"}}),
                                  edit("merge", {{"document", "2f"}}),
                                  edit("bring_back", {{"pages", {"2f"}}}),
                                  edit("set_class", {{"document", "2b"}, {"class", "letter"}}),
                                  edit("set_class", {{"document", "2f"}, {"class", "gone"}})};
  const auto done = assembled(three_letters(), lost);
  CHECK(shape(done) == "2f 2b | 4f | 6f");
  CHECK(done.unfollowed.size() == lost.size());
}

TEST_CASE("an attended batch waits until each document is confirmed as it is") {
  auto stack = three_letters();
  stack.batch.attended = true;
  CHECK_FALSE(assembled(stack, {}).releasable());
  std::vector<Edit> edits;
  for (const auto& document : assembled(stack, {}).documents)
    edits.push_back(edit("confirm", assembly::confirmation_of(document)));
  CHECK(assembled(stack, edits).releasable());
  edits.push_back(edit("set_department", {{"document", "4f"}, {"department", "kaemmerei"}}));
  const auto changed = assembled(stack, edits);
  CHECK(changed.unconfirmed == 1);
  CHECK_FALSE(changed.releasable());
}

TEST_CASE("a confirmation passes the gate review") {
  auto stack = three_letters();
  std::vector<Edit> edits = {edit("set_class", {{"document", "4f"}, {"class", "objection"}})};
  CHECK(reasons(assembled(stack, edits)) == std::vector<std::string>{"gate_review"});
  edits.push_back(edit("confirm", assembly::confirmation_of(assembled(stack, edits).documents.at(1))));
  CHECK(reasons(assembled(stack, edits)).empty());
}

TEST_CASE("a sheet fed again takes the place of a page and counts apart from the declared ones") {
  auto stack = three_letters();
  const auto declared = stack.batch.declared;
  stack.sheet(Stack::text());
  stack.batch.declared = declared;
  stack.batch.rescanned = 1;
  const auto done = assembled(
      stack, {edit("rescan", {{"page", "4f"}, {"place", "instead"}, {"from", 7}, {"to", 1'000'000}})});
  CHECK(shape(done) == "2f 2b | 7f | 6f");
  CHECK(done.count.closed);
}

TEST_CASE(
    "the sample of quality control waits, is accepted for the pages that were seen, and only for those") {
  auto configuration = shipped();
  configuration.classes.at("letter").quality_percent = 100;
  const auto stack = three_letters();
  const auto waiting = assembled(stack, {}, configuration);
  CHECK(waiting.unchecked == 2);
  CHECK_FALSE(waiting.releasable());
  assembly::PersonsWork work;
  work.quality = {{{"2f", "2b"}, true, "bert"}, {{"4f"}, false, "bert"}};
  const auto seen = assembly::assemble(stack.batch, stack.pages, {}, configuration, keys(), work);
  CHECK(seen.documents.at(0).quality == assembly::Quality::accepted);
  CHECK(seen.documents.at(1).quality == assembly::Quality::rejected);
  work.edits = {edit("split", {{"page", "2b"}})};
  const auto later = assembly::assemble(stack.batch, stack.pages, {}, configuration, keys(), work);
  CHECK(later.documents.at(0).quality == assembly::Quality::waits);
}

TEST_CASE("quality control of a whole class is a question, closed by its answer or by the result of the station") {
  Stack stack;
  stack.route({assembly::RoutingKind::document, "DEE", "3300"}).sheet(Stack::text(), Stack::text());
  const auto held = assembled(stack, {});
  REQUIRE(reasons(held) == std::vector<std::string>{"gate_quality_control"});
  CHECK_FALSE(held.releasable());

  const assembly::Resolution confirmed{held.clarifications[0].key, "confirm", json::object(), "bert", ""};
  const auto answered = assembly::assemble(stack.batch, stack.pages, {confirmed}, shipped(), keys());
  CHECK(answered.releasable());
  CHECK(answered.documents.at(0).quality == assembly::Quality::accepted);
  CHECK(answered.documents.at(0).checked_by == "bert");

  assembly::PersonsWork work;
  work.quality = {{{"2f", "2b"}, true, "carla"}};
  const auto seen = assembly::assemble(stack.batch, stack.pages, {}, shipped(), keys(), work);
  CHECK(seen.releasable());
  CHECK(seen.documents.at(0).checked_by == "carla");

  work.quality.push_back({{"2f", "2b"}, false, "carla"});
  CHECK_FALSE(assembly::assemble(stack.batch, stack.pages, {}, shipped(), keys(), work).releasable());
}

TEST_CASE("a class with a review and a sample of quality control asks both") {
  auto configuration = shipped();
  configuration.classes.at("objection").quality_percent = 100;
  Stack stack;
  stack.route({assembly::RoutingKind::document, "OBJ", "3300"}).sheet(Stack::text());
  const auto held = assembled(stack, {}, configuration);
  CHECK(reasons(held) == std::vector<std::string>{"gate_review", "gate_quality_control"});
}

TEST_CASE("whatever persons do, every page stays in one place") {
  std::mt19937 random(5);
  const auto stack = three_letters();
  const std::vector<std::string> kinds = {"split",          "merge",      "move",     "rotate",
                                          "set_aside",      "bring_back", "set_role", "set_priority",
                                          "begin_document", "mark_next"};
  const auto any_page = [&] { return stack.pages.at(random() % stack.pages.size()).id; };
  for (int round = 0; round < 400; ++round) {
    std::vector<Edit> edits;
    for (int i = 0; i < 12; ++i) {
      const auto& kind = kinds.at(random() % kinds.size());
      edits.push_back(edit(kind, {{"page", any_page()},
                                  {"document", any_page()},
                                  {"after", any_page()},
                                  {"pages", {any_page()}},
                                  {"degrees", 90},
                                  {"sheet", int(random() % 8) + 1},
                                  {"priority", "urgent"},
                                  {"role", kind == "set_role" ? "note" : "copy"}}));
    }
    const auto done = assembled(stack, edits);
    std::map<std::string, int> places;
    for (const auto& document : done.documents) {
      CHECK(document.key == document.pages.front().page);
      for (const auto& part : document.pages) ++places[part.page];
    }
    for (const auto& aside : done.set_aside) ++places[aside.page];
    CHECK(places.size() == stack.pages.size());
    for (const auto& [page, times] : places) CHECK(times == 1);
  }
}

TEST_CASE("an edit is checked before it is kept") {
  const auto refused = [](const std::string& kind, const json& arguments) {
    const auto checked = assembly::check_edit(edit(kind, arguments), shipped());
    return !checked && checked.error().code == Errc::invalid_input;
  };
  CHECK(refused("fly", {{"page", "1"}}));
  CHECK(refused("split", json::object()));
  CHECK(refused("split", {{"page", 7}}));
  CHECK(refused("split", {{"page", "1"}, {"more", "2"}}));
  CHECK(refused("move", {{"page", "1"}}));
  CHECK(refused("rotate", {{"pages", {"1"}}, {"degrees", 45}}));
  CHECK(refused("set_aside", {{"pages", {"1"}}, {"role", "content"}}));
  CHECK(refused("set_class", {{"document", "1"}, {"class", "nothing"}}));
  CHECK(refused("set_received", {{"document", "1"}, {"date", "25.11.2026"}, {"channel", "letter"}}));
  CHECK(refused("set_field", {{"document", "1"}, {"name", "class"}, {"value", "x"}}));
  CHECK(assembly::check_edit(edit("split", {{"page", "1"}}), shipped()));
}
