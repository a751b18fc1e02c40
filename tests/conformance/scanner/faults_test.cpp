#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <type_traits>

#include "tests/conformance/scanner/paths.h"
#include "tests/support/text_file.h"

using namespace mailroom;
using namespace mailroom::drivers;
using namespace mailroom::test;
using namespace std::chrono_literals;

namespace {

constexpr int kSheets = 3;

/// A stack of three sheets whose sheet `at` has the fault `kind`, fed over a path.
template <typename Path>
struct Struck {
  std::string kind;
  int at;
  Source source;
  int sides = source == Source::feeder_duplex ? 2 : 1;
  VirtualStation station = {};
  std::unique_ptr<Path> path = {};
  Pile pile = {};

  Struck(std::string fault, int sheet, Source from) : kind(std::move(fault)), at(sheet), source(from) {
    station.add_scanner("one", kSheets * sides, "fault = " + std::to_string(at) + ":" + kind);
    path = std::make_unique<Path>(station);
  }

  FeedSummary feed() {
    auto options = path->options();
    // As short as the machine allows: a hang is what costs it.
    if (kind.ends_with("hang") || kind == "crash") options.progress_limit = 1500ms;
    auto process = start_on(*path, options);
    auto fed = process.feed({path->device("one"), {source, ColourMode::grey, 100}}, pile.taker());
    if (!fed) FAIL(fed.error().message());
    return *std::move(fed);
  }

  /// Takes the sheets from `first` on out of path and tray, wherever they are, and puts them back on top of the feeder.
  void put_back(int first) const {
    const auto stack = station.stack("one");
    const std::string gone = text_of(stack.parent_path() / "one.feeder");
    for (int page = (first - 1) * sides + 1; page <= kSheets * sides; page++) {
      const std::string name = std::to_string(1000 + page);
      if (gone.find("fed " + name + ".pgm\n") == std::string::npos) continue;  // it lies in the feeder
      std::filesystem::copy_file(stack / (name + ".pgm"), stack / (name + "-again.pgm"));
    }
  }

  /// The pages that were taken, without the front of a sheet whose back never came.
  std::vector<int> pages_of(const FeedSummary& summary) {
    auto pages = pile.pages();
    if (summary.half_sheet) pages.pop_back();
    pile.images.clear();
    return pages;
  }
};

template <typename Path>
void check_fault(const std::string& kind, int at, Source source) {
  const auto expected = Path::outcome(kind);
  if (!expected || (kind == "back-jam" && source == Source::feeder_front)) return;
  CAPTURE(kind, at, source == Source::feeder_duplex);
  Struck<Path> struck(kind, at, source);
  const auto summary = struck.feed();
  auto pages = struck.pages_of(summary);
  if (!expected->survived) {
    REQUIRE(summary.fault);
    if (summary.fault->error.code != expected->or_code)
      CHECK(name_of(summary.fault->error.code) == name_of(expected->code));
    // Images that a driver read ahead go with it at a fault: then an earlier sheet is the first without one.
    const int named = Path::reads_ahead() ? int(pages.size()) / struck.sides + 1 : at;
    CHECK(named <= at);
    CHECK(int(pages.size()) == (named - 1) * struck.sides);
    const bool helper_lives = expected->code != Errc::timed_out && expected->code != Errc::crashed;
    if (helper_lives) {
      const std::string side = kind == "back-jam" && named == at ? " back" : " front";
      CHECK(summary.fault->error.place.page == std::to_string(named) + side);
    }
    struck.path->recover();
    struck.put_back(named);
    const auto rest = struck.feed();
    INFO("then: " << (rest.fault ? rest.fault->error.message() : "no fault"));
    CHECK(rest.end == FeedEnd::feeder_empty);
    const auto more = struck.pages_of(rest);
    pages.insert(pages.end(), more.begin(), more.end());
  }
  std::vector<int> all;
  for (int page = 1; page <= kSheets * struck.sides; page++) all.push_back(page);
  CHECK(pages == all);
}

/// The whole matrix takes minutes over a network. There each fault strikes once in every run of the tests, at a
/// place and from a source that differ from fault to fault; all of it is `soak scanner`.
template <typename Path>
bool in_all_places() {
  return std::is_same_v<Path, VirtualFeeder> || std::getenv("MAILROOM_ALL_FAULTS") != nullptr;
}

template <typename Path>
void check_everywhere(const std::vector<std::string>& kinds) {
  if (!runs_here<Path>()) return;
  int turn = 0;
  for (const auto& kind : kinds) {
    for (const int at : {1, 2, kSheets}) {
      for (const Source source : {Source::feeder_front, Source::feeder_duplex}) {
        const bool its_turn = turn % 3 == at % 3 && (turn % 2 == 0) == (source == Source::feeder_duplex);
        if (in_all_places<Path>() || its_turn) check_fault<Path>(kind, at, source);
      }
    }
    turn++;
  }
}

}  // namespace

TEMPLATE_TEST_CASE("a fault at the feeder is named, and the batch is whole after it", "[scanner]",
                   MAILROOM_SCANNER_PATHS) {
  check_everywhere<TestType>({"jam", "doublefeed", "cover", "io", "lost", "busy"});
}

TEMPLATE_TEST_CASE("a fault in the paper path is named, and the batch is whole after it", "[scanner]",
                   MAILROOM_SCANNER_PATHS) {
  check_everywhere<TestType>({"read-jam", "back-jam", "short"});
}

TEMPLATE_TEST_CASE("a driver that hangs or crashes is ended, and the batch is whole after it", "[scanner]",
                   MAILROOM_SCANNER_PATHS) {
  check_everywhere<TestType>({"start-hang", "read-hang", "crash"});
}
