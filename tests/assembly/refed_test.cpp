#include "daemon/assembly/refed.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/assembly/stack.h"

using namespace mailroom;
using namespace mailroom::assembly;
using namespace mailroom::test;

namespace {

/// A batch of letters that was resumed. Sheet n shows paper `papers[n - 1]`; equal papers look the same.
struct Resumed {
  Stack stack;
  std::vector<int> papers;

  Resumed(std::vector<int> shown, std::vector<int> first_sheets, std::optional<int> declared)
      : papers(std::move(shown)) {
    for (std::size_t i = 0; i < papers.size(); ++i) stack.sheet(Stack::text());
    stack.batch.declared = declared;
    for (const int first : first_sheets) stack.batch.feeds.push_back({first});
    for (auto& page : stack.pages) page.sha256 = page.id;  // no image is bit for bit another
  }

  /// Answers every comparison that is asked for, as the pictures are.
  Resumed& compared(Alike of_equal = Alike::same) {
    for (;;) {
      const auto pairs = pairs_to_compare(stack.batch, stack.pages);
      if (pairs.empty()) return *this;
      for (const auto& pair : pairs) {
        const bool equal = paper_of(pair.page) == paper_of(pair.other);
        stack.batch.likenesses.push_back({pair.page, pair.other, {equal ? of_equal : Alike::different}});
      }
    }
  }

  [[nodiscard]] int paper_of(const std::string& page) const {
    return papers.at(std::size_t(std::stoi(page)) - 1);
  }

  [[nodiscard]] std::vector<std::string> content() const { return content_of(stack.assemble()); }
  static std::vector<std::string> content_of(const Assembly& assembly) {
    std::vector<std::string> pages;
    for (const auto& document : assembly.documents) {
      for (const auto& part : document.pages) pages.push_back(part.page);
    }
    return pages;
  }

  [[nodiscard]] std::vector<std::string> reasons() const {
    std::vector<std::string> names;
    for (const auto& question : stack.assemble().clarifications) names.push_back(question.reason);
    return names;
  }
};

using Pages = std::vector<std::string>;

Resolution answer(const Assembly& assembly, const std::string& kind) {
  return {assembly.clarifications.at(0).key, kind, nlohmann::json::object(), "anna", ""};
}

}  // namespace

TEST_CASE("sheets that went in again after a fault are copies when the declared number closes without them") {
  // Four sheets were safe, the operator put back the last two of them with the rest.
  const auto resumed = Resumed({1, 2, 3, 4, 3, 4, 5, 6}, {1, 5}, 6).compared();
  const auto assembly = resumed.stack.assemble();
  CHECK(resumed.content() == Pages{"1f", "2f", "3f", "4f", "7f", "8f"});
  CHECK(resumed.reasons().empty());
  CHECK(assembly.count.closed);
  CHECK(assembly.count.source == "declared");
  const auto copies = std::count_if(assembly.set_aside.begin(), assembly.set_aside.end(),
                                    [](const SetAside& aside) { return aside.role == PageRole::copy; });
  CHECK(copies == 4);
}

TEST_CASE("a second letter of the same print is never taken for a copy by its picture alone") {
  // Sheets 4 and 5 are two papers that look the same; nothing went in again.
  auto resumed = Resumed({1, 2, 3, 4, 4, 5}, {1, 5}, 6).compared();
  CHECK(resumed.content() == Pages{"1f", "2f", "3f", "4f", "5f", "6f"});
  CHECK(resumed.reasons() == Pages{"sheets_fed_again"});
  const auto asked = resumed.stack.assemble();
  const auto other = resumed.stack.assemble({answer(asked, "accept_as_content")});
  CHECK(other.clarifications.empty());
  CHECK(other.count.closed);
  const auto copy = resumed.stack.assemble({answer(asked, "treat_as_copy")});
  CHECK_FALSE(copy.releasable());  // the declared number says that a sheet is missing then
}

TEST_CASE("without a number that closes, sheets that look the same are asked about and stay content") {
  const auto resumed = Resumed({1, 2, 3, 2, 3, 4}, {1, 4}, std::nullopt).compared();
  CHECK(resumed.content().size() == 6);
  CHECK(resumed.reasons() == Pages{"sheets_fed_again", "count_missing"});
  const auto asked = resumed.stack.assemble();
  const auto settled = resumed.stack.assemble({answer(asked, "treat_as_copy")});
  CHECK(Resumed::content_of(settled) == Pages{"1f", "2f", "3f", "6f"});
}

TEST_CASE("what the operator said about the sheet on top settles it together with the pictures") {
  auto resumed = Resumed({1, 2, 3, 2, 3, 4}, {1, 4}, std::nullopt).compared();
  resumed.stack.batch.feeds[1].stated_from = 2;
  CHECK(resumed.content() == Pages{"1f", "2f", "3f", "6f"});
  resumed.stack.batch.feeds[1].stated_from = 3;  // the pictures say otherwise
  CHECK(resumed.content().size() == 6);
  auto unlike = Resumed({1, 2, 3, 4, 5}, {1, 4}, 5).compared();
  unlike.stack.batch.feeds[1].stated_from = 2;
  CHECK(unlike.reasons() == Pages{"not_fed_again"});
}

TEST_CASE("form letters that all look alike at a glance are told apart by the pictures") {
  const auto resumed = Resumed({1, 2, 3, 4, 5, 6, 7, 8}, {1, 5}, 8).compared();
  CHECK(resumed.content().size() == 8);
  CHECK(resumed.reasons().empty());
}

TEST_CASE("a run in which no sheet stands alone is asked about") {
  // All papers carry the same print: any run would do.
  const auto resumed = Resumed({1, 1, 1, 1, 1}, {1, 4}, 4).compared();
  CHECK(resumed.content().size() == 5);
  CHECK(resumed.reasons().front() == "sheets_fed_again");
}

TEST_CASE("a sheet that went in again out of order is asked about") {
  const auto resumed = Resumed({1, 2, 3, 4, 2, 5}, {1, 4}, 5).compared();
  CHECK(resumed.content().size() == 6);
  CHECK(resumed.reasons() == Pages{"sheets_fed_again", "count_mismatch"});
}

TEST_CASE("the same sheet with and without a sticky note: both images stay, one sheet counts") {
  const auto resumed = Resumed({1, 2, 2, 3}, {1, 3}, 3).compared(Alike::doubtful);
  const auto asked = resumed.stack.assemble();
  REQUIRE(asked.clarifications.at(0).reason == "sheets_fed_again");
  const auto kept = resumed.stack.assemble({answer(asked, "treat_as_note")});
  CHECK(Resumed::content_of(kept) == Pages{"1f", "2f", "3f", "4f"});
  CHECK(kept.documents.at(0).pages.at(2).role == PageRole::note);
  CHECK(kept.releasable());
}

TEST_CASE("a second fault among the sheets that went in again leaves them copies") {
  // 1 2 3 safe; 2 3 again, fault after 2; 3 again and 4.
  const auto resumed = Resumed({1, 2, 3, 2, 3, 4}, {1, 4, 5}, 4).compared();
  CHECK(resumed.content() == Pages{"1f", "2f", "3f", "6f"});
  CHECK(resumed.reasons().empty());
}

TEST_CASE("the device's counter must agree with what went in again, and proves nothing then") {
  auto resumed = Resumed({1, 2, 3, 3, 4}, {1, 4}, 4).compared();
  resumed.stack.batch.device_counter = 6;
  CHECK(resumed.reasons() == Pages{"count_mismatch"});
  resumed.stack.batch.passes_without_image = 1;
  CHECK(resumed.stack.assemble().count.source == "declared");
}

TEST_CASE("an endorser's numbers close the sum and are named") {
  auto stack = Stack("invoices").sheet(Stack::text()).sheet(Stack::text());
  stack.batch.declared.reset();
  stack.batch.endorsed = 2;
  CHECK(stack.assemble().count.source == "endorser");
  stack.batch.endorsed = 3;
  CHECK_FALSE(stack.assemble().count.closed);
}

TEST_CASE("letters that differ in a place only are papers of their own where the number says so") {
  auto resumed = Resumed({1, 2, 3, 3, 4}, {1, 4}, 5).compared(Alike::doubtful);
  CHECK(resumed.reasons().empty());
  CHECK(resumed.content().size() == 5);
  resumed.stack.batch.declared = 4;
  CHECK(resumed.reasons().front() == "sheets_fed_again");
}
