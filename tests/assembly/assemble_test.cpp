#include <catch2/catch.hpp>
#include <map>
#include <random>

#include "tests/assembly/stack.h"

using namespace mailroom;
using namespace mailroom::test;
using assembly::RoutingKind;
using Names = std::vector<std::string>;

namespace {

const assembly::RoutingSheet kLetter{RoutingKind::document, "LET", "3300"};
const assembly::RoutingSheet kInvoice{RoutingKind::document, "INV", "2000"};

}  // namespace

TEST_CASE("a stack without separators is one document of the profile") {
  const auto done = Stack().sheet(Stack::text()).sheet(Stack::text(), Stack::text()).assemble();
  CHECK(shape(done) == "1f 2f 2b");
  CHECK(done.documents.at(0).document_class == "letter");
  CHECK(done.documents.at(0).department == "poststelle");
  CHECK(done.count.source == "declared");
  CHECK(done.releasable());
}

TEST_CASE("document sheets split and route, their blank backs go with them") {
  const auto done = Stack()
                        .route({RoutingKind::batch})
                        .route(kLetter)
                        .sheet(Stack::text())
                        .route(kInvoice)
                        .sheet(Stack::text())
                        .assemble();
  CHECK(shape(done) == "3f | 5f");
  CHECK(done.documents.at(1).document_class == "invoice");
  CHECK(done.documents.at(1).department == "kaemmerei");
  CHECK(done.set_aside.size() == 8);
  CHECK(done.releasable());
}

TEST_CASE("a separator on the back side acts before its sheet's end") {
  const auto done = Stack()
                        .sheet(Stack::text())
                        .sheet(Stack::blank(), Stack::separator(kLetter))
                        .sheet(Stack::text())
                        .assemble();
  CHECK(shape(done) == "1f | 3f");
  CHECK(done.releasable());
}

TEST_CASE("an urgent sheet marks the next document, before or after its document sheet") {
  const auto before = Stack()
                          .route({RoutingKind::urgent})
                          .route(kLetter)
                          .sheet(Stack::text())
                          .route(kLetter)
                          .sheet(Stack::text())
                          .assemble();
  CHECK(before.documents.at(0).priority == Priority::urgent);
  CHECK(before.documents.at(1).priority == Priority::ordinary);
  CHECK(before.releasable());
  const auto after = Stack().route(kLetter).route({RoutingKind::urgent}).sheet(Stack::text()).assemble();
  CHECK(after.documents.at(0).priority == Priority::urgent);
  CHECK(after.releasable());
}

TEST_CASE("an urgent sheet inside a stack starts a new document") {
  CHECK(shape(Stack().sheet(Stack::text()).route({RoutingKind::urgent}).sheet(Stack::text()).assemble()) ==
        "1f | 3f");
}

TEST_CASE("PATCHT starts a document of the same class and department where the profile allows it") {
  const auto done = Stack("post-patch")
                        .route(kLetter)
                        .sheet(Stack::text())
                        .sheet(Stack::patch())
                        .sheet(Stack::text())
                        .assemble();
  CHECK(shape(done) == "2f | 4f");
  CHECK(done.documents.at(1).department == "buergerbuero");
  CHECK(done.releasable());
}

TEST_CASE("PATCHT is a clarification where the profile does not allow it, and stays content") {
  const auto done = Stack().sheet(Stack::text()).sheet(Stack::patch()).sheet(Stack::text()).assemble();
  CHECK(shape(done) == "1f 2f 3f");
  CHECK(reasons(done) == Names{"patch_not_allowed"});
  CHECK_FALSE(done.releasable());
}

TEST_CASE("a routing code on a page with content never separates by itself") {
  auto page = Stack::separator(kLetter);
  page.only_codes = false;
  const auto stack = Stack().sheet(Stack::text()).sheet(page);
  const auto held = stack.assemble();
  CHECK(shape(held) == "1f 2f");
  REQUIRE(reasons(held) == Names{"routing_code_on_content"});
  const auto kept = stack.assemble({answer(held.clarifications[0], "accept_as_content")});
  CHECK((shape(kept) == "1f 2f" && kept.releasable()));
  const auto split = stack.assemble({answer(held.clarifications[0], "split_here")});
  CHECK((shape(split) == "1f | 2f" && split.releasable()));
}

TEST_CASE("forged, foreign and contradicting separators hold the batch and stay content") {
  const std::vector<RoutingKey> stranger{new_routing_key()};
  CHECK(reasons(Stack().sheet(Stack::text()).sheet(Stack::separator(kLetter, stranger)).assemble()) ==
        Names{"routing_sheet_forged"});
  auto foreign = Stack::patch();
  foreign.patch.clear();
  foreign.codes[0].text = "4006381333931";
  CHECK(reasons(Stack().sheet(Stack::text()).sheet(foreign).assemble()) == Names{"foreign_separator"});
  auto both = Stack::separator(kLetter);
  both.codes[1] = Stack::separator(kInvoice).codes[1];
  CHECK(reasons(Stack().sheet(both).sheet(Stack::text()).assemble()) == Names{"contradicting_codes"});
  const auto sides =
      Stack().sheet(Stack::separator(kLetter), Stack::separator(kInvoice)).sheet(Stack::text()).assemble();
  CHECK(reasons(sides) == Names{"contradicting_codes"});
  CHECK(shape(sides) == "1f 1b 2f");
}

TEST_CASE("a separator whose code cannot be read is a question and never merges two letters") {
  PageReport blotted = Stack::text();
  for (const char* word : {"Trennblatt", "Personalsache", "#E|/"}) blotted.words.push_back({word});
  Stack stack;
  stack.sheet(Stack::text()).sheet(blotted).sheet(Stack::text());
  const auto held = stack.assemble();
  CHECK(reasons(held) == std::vector<std::string>{"illegible_separator"});
  CHECK_FALSE(held.releasable());
  const auto answered = stack.assemble({answer(held.clarifications[0], "treat_as_separator")});
  CHECK(answered.releasable());
  CHECK(shape(answered) == "1f | 3f");
}

TEST_CASE("something on the back of a separator is a question, and the answer decides") {
  const auto stack = Stack().sheet(Stack::text()).route(kInvoice, Stack::text()).sheet(Stack::text());
  const auto held = stack.assemble();
  CHECK(shape(held) == "1f 2f 2b 3f");
  REQUIRE(reasons(held) == Names{"separator_with_content_back"});
  const auto& question = held.clarifications[0];
  CHECK(shape(stack.assemble({answer(question, "treat_as_separator", {{"back", "content"}})})) ==
        "1f | 2b 3f");
  CHECK(shape(stack.assemble({answer(question, "treat_as_separator", {{"back", "blank"}})})) == "1f | 3f");
}

TEST_CASE("unknown codes of class and department are asked for") {
  const auto stack = Stack().route({RoutingKind::document, "ZZZ", "3300"}).sheet(Stack::text());
  const auto held = stack.assemble();
  REQUIRE(reasons(held) == Names{"unknown_class"});
  const auto done =
      stack.assemble({answer(held.clarifications[0], "treat_as_separator", {{"class", "application"}})});
  CHECK(shape(done) == "2f");
  CHECK(done.documents.at(0).document_class == "application");
  CHECK(done.documents.at(0).department == "buergerbuero");
  CHECK(reasons(Stack().route({RoutingKind::document, "LET", "ZZZZ"}).sheet(Stack::text()).assemble()) ==
        Names{"unknown_department"});
}

TEST_CASE("sheets that announce nothing are asked about") {
  CHECK(reasons(Stack().route(kLetter).route(kInvoice).sheet(Stack::text()).assemble()) ==
        Names{"empty_document"});
  CHECK(reasons(Stack().sheet(Stack::text()).route(kLetter).assemble()) == Names{"empty_document"});
  CHECK(reasons(Stack().sheet(Stack::text()).route({RoutingKind::urgent}).assemble()) ==
        Names{"urgent_without_document"});
  CHECK(reasons(Stack().sheet(Stack::text()).route({RoutingKind::batch}).sheet(Stack::text()).assemble()) ==
        Names{"batch_sheet_inside"});
  CHECK(reasons(Stack().route({RoutingKind::attachment}).sheet(Stack::text()).assemble()) ==
        Names{"sheet_without_document"});
  CHECK(reasons(Stack().sheet(Stack::blank()).assemble()) == Names{"no_content"});
}

TEST_CASE("attachments stay in the document, envelopes are set aside, labels give the reference") {
  const auto done = Stack()
                        .route(kLetter)
                        .route({RoutingKind::envelope})
                        .sheet(Stack::text(), Stack::text())
                        .sheet(Stack::text())
                        .route({RoutingKind::label, "", "", 0, "AZ 12/3"})
                        .route({RoutingKind::attachment})
                        .sheet(Stack::text())
                        .assemble();
  CHECK(shape(done) == "4f 7f");
  CHECK(done.documents.at(0).pages.at(1).role == PageRole::attachment);
  CHECK(done.documents.at(0).reference == "AZ 12/3");
  CHECK(done.releasable());
}

TEST_CASE("a closed item is a document of its own and is forwarded") {
  const auto done = Stack()
                        .route({RoutingKind::closed_item, "", "1100"})
                        .sheet(Stack::text())
                        .route(kLetter)
                        .sheet(Stack::text())
                        .assemble();
  CHECK(shape(done) == "2f | 4f");
  CHECK(done.documents.at(0).document_class == "closed_item");
  CHECK(done.documents.at(0).originals == Originals::forward);
}

TEST_CASE("an unreadable page and one that ended two workers are kept and asked about") {
  auto stack = Stack().sheet(Stack::text()).sheet(Stack::text());
  stack.pages[2].report.reset();
  stack.pages[2].failure = assembly::ReadingFailure{Errc::corrupt, "abgeschnitten"};
  CHECK(shape(stack.assemble()) == "1f 2f");
  CHECK(reasons(stack.assemble()) == Names{"page_unreadable"});
  stack.pages[2].deaths = 2;
  CHECK(reasons(stack.assemble()) == Names{"page_ended_workers"});
}

TEST_CASE("sheets must add up against something independent") {
  auto stack = Stack().sheet(Stack::text()).sheet(Stack::text());
  stack.batch.declared = 3;
  const auto held = stack.assemble();
  REQUIRE(reasons(held) == Names{"count_mismatch"});
  CHECK_FALSE(assembly::check_resolution(
      held.clarifications[0], answer(held.clarifications[0], "confirm_count", {{"sheets", 3}}), shipped()));
  const auto counted = stack.assemble({answer(held.clarifications[0], "confirm_count", {{"sheets", 2}})});
  CHECK(counted.count.source == "confirmed");
  CHECK(counted.releasable());
  stack.batch.declared.reset();
  CHECK(reasons(stack.assemble()) == Names{"count_missing"});
  stack.batch.feeder_empty = true;
  CHECK(stack.assemble().count.source == "feeder_empty");
  stack.batch.device_counter = 3;
  CHECK(reasons(stack.assemble()) == Names{"count_mismatch"});
  stack.batch.device_counter = 2;
  CHECK(stack.assemble().count.source == "device_counter");
}

TEST_CASE("a count sheet that does not match is a question, one that matches closes the sum") {
  auto wrong = Stack().sheet(Stack::text()).route({RoutingKind::count, "", "", 5});
  wrong.batch.declared.reset();
  CHECK(reasons(wrong.assemble()) == Names{"count_mismatch"});
  auto right = Stack().sheet(Stack::text()).route({RoutingKind::count, "", "", 2});
  right.batch.declared.reset();
  CHECK(right.assemble().count.source == "count_sheet");
}

TEST_CASE("faults of the feed, missing images and half sheets hold the batch") {
  auto stack = Stack().sheet(Stack::text()).sheet(Stack::text());
  stack.batch.faults = {{.kind = FaultKind::double_feed, .sheet = 2}};
  CHECK(reasons(stack.assemble()) == Names{"double_feed"});
  stack.batch.faults = {{.kind = FaultKind::paper_jam, .sheet = 2}};
  CHECK(reasons(stack.assemble()) == Names{"feed_fault"});
  stack.batch.faults.clear();
  stack.pages.pop_back();
  CHECK(reasons(stack.assemble()) == Names{"half_sheet"});
  stack.pages.pop_back();
  const auto lost = stack.assemble();
  CHECK(reasons(lost) == Names{"sheet_without_image"});
  CHECK_FALSE(lost.count.closed);
}

TEST_CASE("the same bytes twice are a question") {
  auto stack = Stack().sheet(Stack::text()).sheet(Stack::text());
  stack.pages[2].sha256 = stack.pages[0].sha256;
  const auto held = stack.assemble();
  REQUIRE(reasons(held) == Names{"repeated_image"});
  CHECK(shape(stack.assemble({answer(held.clarifications[0], "treat_as_copy")})) == "1f");
}

TEST_CASE("a gate asks a person, who may confirm, reroute, split or join") {
  const auto stack =
      Stack().route({RoutingKind::document, "OBJ", "3000"}).sheet(Stack::text()).sheet(Stack::text());
  const auto held = stack.assemble();
  REQUIRE(reasons(held) == Names{"gate_review"});
  const auto& gate = held.clarifications[0];
  CHECK(stack.assemble({answer(gate, "confirm")}).releasable());
  CHECK(stack.assemble({answer(gate, "return_original")}).documents.at(0).originals == Originals::give_back);
  const auto rerouted = stack.assemble({answer(gate, "set_routing", {{"class", "letter"}})});
  CHECK((rerouted.documents.at(0).document_class == "letter" && rerouted.releasable()));
  const auto split = stack.assemble({answer(gate, "split_here", {{"page", "3f"}})});
  CHECK(shape(split) == "2f | 3f");
  REQUIRE(reasons(split) == Names{"gate_review", "gate_review"});
  const auto joined = stack.assemble(
      {answer(gate, "split_here", {{"page", "3f"}}), answer(split.clarifications[1], "merge_with_previous")});
  CHECK(shape(joined) == "2f 3f");
  CHECK_FALSE(joined.releasable());
}

TEST_CASE("an answer holds when the batch is put together again, and a discarded batch is never released") {
  const auto stack = Stack().sheet(Stack::text()).sheet(Stack::patch()).sheet(Stack::text());
  const auto first = stack.assemble();
  CHECK(first.clarifications[0].key == stack.assemble().clarifications[0].key);
  const auto given_up =
      stack.assemble({answer(first.clarifications[0], "discard_batch", {{"reason", "zwei Stapel"}})});
  CHECK(given_up.discarded);
  CHECK_FALSE(given_up.releasable());
  const auto senseless = stack.assemble({answer(first.clarifications[0], "confirm_count", {{"sheets", 3}})});
  CHECK(reasons(senseless) == Names{"patch_not_allowed"});
}

namespace {

PageReport any_side(std::mt19937& random) {
  static const std::vector<RoutingKey> kStranger{new_routing_key()};
  const auto kind = static_cast<RoutingKind>(random() % 9);
  const assembly::RoutingSheet sheet{kind, random() % 4 == 0 ? "OBJ" : "LET",
                                     random() % 5 == 0 ? "ZZZZ" : "3300", int(random() % 4)};
  auto report = random() % 6 == 0 ? Stack::separator(sheet, kStranger) : Stack::separator(sheet);
  switch (random() % 6) {
    case 0: return Stack::blank();
    case 1: return Stack::patch();
    case 2: report.only_codes = false; return report;
    case 3: return report;
    default: return Stack::text();
  }
}

/// How often each page is used.
std::map<std::string, int> uses_of(const assembly::Assembly& done) {
  std::map<std::string, int> uses;
  for (const auto& document : done.documents) {
    CHECK_FALSE(document.pages.empty());
    CHECK(document.key == document.pages.front().page);
    for (const auto& part : document.pages) ++uses[part.page];
  }
  for (const auto& aside : done.set_aside) ++uses[aside.page];
  return uses;
}

void check_every_page_once(const Stack& stack, const assembly::Assembly& done) {
  const auto uses = uses_of(done);
  CHECK(uses.size() == stack.pages.size());
  for (const auto& [page, times] : uses) CHECK(times == 1);
}

}  // namespace

TEST_CASE("whatever the stack and the answers, every page is somewhere exactly once") {
  std::mt19937 random(20261123);
  for (int round = 0; round < 150; ++round) {
    Stack stack(random() % 2 == 0 ? "post" : "post-patch");
    for (unsigned left = random() % 12; left > 0; --left) stack.sheet(any_side(random), any_side(random));
    if (!stack.pages.empty() && random() % 4 == 0) stack.pages[random() % stack.pages.size()].report.reset();
    std::vector<assembly::Resolution> answers;
    for (int step = 0; step < 6; ++step) {
      const auto done = stack.assemble(answers);
      check_every_page_once(stack, done);
      for (const auto& open : done.clarifications) {
        const auto& kind = open.resolutions[random() % open.resolutions.size()];
        nlohmann::json arguments = nlohmann::json::object();
        if (kind == "treat_as_separator") arguments = {{"back", random() % 2 == 0 ? "blank" : "content"}};
        if (kind == "split_here" && open.scope == assembly::Scope::document)
          arguments = {{"page", open.subjects.back()}};
        answers.push_back(answer(open, kind, arguments));
      }
    }
  }
}
