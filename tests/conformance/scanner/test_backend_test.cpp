#include <catch2/catch.hpp>

#include "tests/conformance/scanner/paths.h"

// SANE's own backend "test" (sane-test(5)): a driver that is not ours, with the oddities that its file can
// switch on.

using namespace mailroom;
using namespace mailroom::drivers;
using namespace mailroom::test;
using namespace std::chrono_literals;

namespace {

/// The device test:0 with `settings` in its configuration.
class TestBackend {
 public:
  explicit TestBackend(const std::string& settings) {
    std::ofstream(folder_.path() / "dll.conf") << "test\n";
    std::ofstream(folder_.path() / "test.conf")
        << "number_of_devices 2\ngeometry_max 420.0\ngeometry_quant 1.0\n"
        << settings << '\n';
    options_.environment = {{"SANE_CONFIG_DIR", folder_.path().string()}};
    options_.progress_limit = 15s;
  }
  void expect_progress_within(std::chrono::milliseconds limit) { options_.progress_limit = limit; }

  [[nodiscard]] bool runs_here() const {
    const bool installed = !VirtualStation::start(options_).list_devices().value().empty();
    if (!installed) std::cout << "[skipped] SANE's test backend is not installed\n";
    return installed;
  }

  Result<FeedSummary> feed(ColourMode mode = ColourMode::grey, int dpi = 50) {
    const FeedRequest request{"test:0", {Source::feeder_front, mode, dpi}};
    return VirtualStation::start(options_).feed(request, pile.taker());
  }

  Pile pile;

 private:
  TemporaryFolder folder_;
  ScanOptions options_;
};

}  // namespace

TEST_CASE("the test backend's ten sheets come whole, in each mode", "[scanner]") {
  TestBackend backend("");
  if (!backend.runs_here()) return;
  for (const auto mode : {ColourMode::grey, ColourMode::colour}) {
    backend.pile.images.clear();
    const auto summary = backend.feed(mode).value();
    CHECK(summary.end == FeedEnd::feeder_empty);
    CHECK(summary.sheets == 10);
    CHECK_FALSE(summary.count.sheets_fed);
    CHECK_FALSE(summary.count.feeder_loaded);
  }
}

TEST_CASE("a driver that gives a few bytes at a time, slowly, is waited for", "[scanner]") {
  TestBackend backend("read-limit true\nread-limit-size 20000\nread-delay true\nread-delay-duration 5000");
  if (!backend.runs_here()) return;
  CHECK(backend.feed().value().sheets == 10);
}

TEST_CASE("a driver that does not know the height of a side beforehand is read to its end", "[scanner]") {
  TestBackend backend("hand-scanner true");
  if (!backend.runs_here()) return;
  const auto summary = backend.feed().value();
  CHECK(summary.sheets == 10);
  CHECK(backend.pile.images.at(0).height > 100);
}

TEST_CASE("a driver that hands over three passes of colour is refused in words", "[scanner]") {
  TestBackend backend("three-pass true");
  if (!backend.runs_here()) return;
  const auto summary = backend.feed(ColourMode::colour);
  const bool refused = !summary || summary->fault;
  REQUIRE(refused);
  CHECK((summary ? summary->fault->error.code : summary.error().code) == Errc::unsupported);
  CHECK(backend.pile.images.empty());
}

TEST_CASE("a status that a reader thread raises SIGPIPE with is no success", "[scanner]") {
  const auto [status, code] = GENERATE(table<std::string, Errc>({{"SANE_STATUS_JAMMED", Errc::paper_jam},
                                                                 {"SANE_STATUS_COVER_OPEN", Errc::cover_open},
                                                                 {"SANE_STATUS_IO_ERROR", Errc::io}}));
  TestBackend backend("read-status-code " + status);
  if (!backend.runs_here()) return;
  // Its reader thread and its main thread sometimes wait for each other: then the limit on progress ends it.
  backend.expect_progress_within(1500ms);
  for (int attempt = 0; attempt < 6; attempt++) {
    const auto summary = backend.feed().value();
    REQUIRE(summary.fault);
    CAPTURE(summary.fault->error.message());
    if (summary.fault->error.code != Errc::timed_out)
      CHECK(name_of(summary.fault->error.code) == name_of(code));
    CHECK(summary.images == 0);
  }
}

TEST_CASE("a driver that loses pixels at the end of a line delivers rows, not garbage", "[scanner]") {
  TestBackend backend("ppl-loss 3");
  if (!backend.runs_here()) return;
  CHECK(backend.feed().value().sheets == 10);
}
