#include <catch2/catch.hpp>

#include "tests/drivers/scanner/virtual_station.h"

using namespace mailroom;
using namespace mailroom::drivers;
using namespace mailroom::test;
using namespace std::chrono_literals;

namespace {

/// Twelve pages, six sheets; the fault strikes at the third sheet.
struct Struck {
  VirtualStation station;
  ScanProcess process;
  Pile pile = {};
  FeedSummary summary;

  explicit Struck(const std::string& kind, std::chrono::milliseconds progress_limit = 15s)
      : process(start(kind, progress_limit)), summary(feed()) {}

  ScanProcess start(const std::string& kind, std::chrono::milliseconds progress_limit) {
    station.add_scanner("one", 12, "fault = 3:" + kind);
    auto options = station.options();
    options.progress_limit = progress_limit;
    return VirtualStation::start(options);
  }

  FeedSummary feed() { return process.feed(request("one"), pile.taker()).value(); }

  /// What two whole sheets before the fault look like.
  void check_taken(Errc code) const {
    CHECK(summary.end == FeedEnd::fault);
    REQUIRE(summary.fault);
    CHECK(name_of(summary.fault->error.code) == name_of(code));
    CHECK(summary.fault->error.place.device == "mailroomfeeder:one");
    CHECK(summary.sheets == 2);
    CHECK(summary.images == 4);
    CHECK_FALSE(summary.half_sheet);
    CHECK(pile.pages() == std::vector{1, 2, 3, 4});
  }

  /// The next feed brings the pages from `first` to the end.
  void check_goes_on_with(int first) {
    pile.images.clear();
    const auto rest = feed();
    CHECK(rest.end == FeedEnd::feeder_empty);
    std::vector<int> expected;
    for (int page = first; page <= 12; page++) expected.push_back(page);
    CHECK(pile.pages() == expected);
  }
};

}  // namespace

TEST_CASE("a jam at the feeder keeps the sheet there and names it") {
  Struck struck("jam");
  struck.check_taken(Errc::paper_jam);
  CHECK(struck.summary.fault->error.place.page == "3 front");
  CHECK(struck.summary.count.sheets_fed == 2);
  CHECK(struck.summary.count.feeder_loaded == true);
  struck.check_goes_on_with(5);
}

TEST_CASE("a double feed is told apart from a jam by the sensor") {
  Struck struck("doublefeed");
  struck.check_taken(Errc::double_feed);
  CHECK(struck.summary.count.double_feed == true);
  struck.check_goes_on_with(5);
}

TEST_CASE("an open cover is named") {
  Struck struck("cover");
  struck.check_taken(Errc::cover_open);
  struck.check_goes_on_with(5);
}

TEST_CASE("an input/output error keeps what was taken") {
  Struck struck("io");
  struck.check_taken(Errc::io);
  struck.check_goes_on_with(5);
}

TEST_CASE("a scanner that is unplugged is lost, and can be used again later") {
  Struck struck("lost");
  struck.check_taken(Errc::device_lost);
  CHECK_FALSE(struck.summary.count.sheets_fed);
  struck.check_goes_on_with(5);
}

TEST_CASE("a sheet that jams while it is read is through without an image, and the counter shows it") {
  Struck struck("read-jam");
  struck.check_taken(Errc::paper_jam);
  CHECK(struck.summary.count.sheets_fed == 3);
  CHECK(struck.summary.fault->paper == PaperAt::path);
  CHECK(words_of(*struck.summary.fault).remedy_en.find("sheet 3 back on top") != std::string::npos);
  struck.check_goes_on_with(7);
}

TEST_CASE("a sheet with a front and no back is reported as half") {
  Struck struck("back-jam");
  REQUIRE(struck.summary.fault);
  CHECK(struck.summary.fault->error.code == Errc::paper_jam);
  CHECK(struck.summary.fault->error.place.page == "3 back");
  CHECK(struck.summary.half_sheet == 3);
  CHECK(struck.summary.images == 5);
  struck.check_goes_on_with(7);
}

TEST_CASE("a side that comes short is never taken for a whole one") {
  Struck struck("short");
  struck.check_taken(Errc::corrupt);
  CHECK(struck.summary.fault->error.what.find("100 of 200 rows") != std::string::npos);
  struck.check_goes_on_with(7);
}

TEST_CASE("a driver that hangs is killed, whether at the feeder or in a side") {
  const std::string kind = GENERATE("start-hang", "read-hang");
  const auto start = std::chrono::steady_clock::now();
  Struck struck(kind, 2s);
  const auto took = std::chrono::steady_clock::now() - start;
  struck.check_taken(Errc::timed_out);
  CHECK(took > 1900ms);
  CHECK(took < 20s);
  struck.check_goes_on_with(kind == "start-hang" ? 5 : 7);
}

TEST_CASE("a driver that crashes loses no image that was delivered") {
  Struck struck("crash");
  struck.check_taken(Errc::crashed);
  struck.check_goes_on_with(7);
}

TEST_CASE("a counter that lies shows in the sum") {
  Struck struck("counter");
  CHECK(struck.summary.end == FeedEnd::feeder_empty);
  CHECK(struck.summary.sheets == 6);
  CHECK(struck.summary.count.sheets_fed == 7);
}

TEST_CASE("a stop button that looks like the end of the stack is betrayed by the paper sensor") {
  Struck struck("stop-button");
  struck.check_taken(Errc::cancelled);
  CHECK(struck.summary.fault->kind == FaultKind::stop_button);
  CHECK(struck.summary.count.feeder_loaded == true);
  struck.check_goes_on_with(5);
}

TEST_CASE("a page that cannot be decoded stops the feed there at each try and is never skipped") {
  VirtualStation station;
  station.add_scanner("one", 4);
  std::ofstream(station.stack("one") / "1003.pgm") << "P5\n160 200\n255\ntoo little";
  auto process = station.start();
  Pile pile;
  for (int attempt = 0; attempt < 2; attempt++) {
    const auto summary = process.feed(request("one"), pile.taker()).value();
    REQUIRE(summary.fault);
    CHECK(summary.fault->error.code == Errc::io);
    CHECK(summary.fault->error.place.page == (attempt == 0 ? "2 front" : "1 front"));
  }
  CHECK(pile.pages() == std::vector{1, 2});
  station.add_page("one", 3);
  REQUIRE(process.feed(request("one"), pile.taker()));
  CHECK(pile.pages() == std::vector{1, 2, 3, 4});
}

TEST_CASE("a wrong line in the scanner's configuration is an error, not an empty list") {
  VirtualStation station;
  station.add_scanner("one", 2, "fualt = 1:jam");
  const auto devices = station.start().list_devices();
  // libsane leaves out a backend that fails to list; opening the device by name tells.
  CHECK((!devices || devices->empty()));
  Pile pile;
  CHECK_FALSE(station.start().feed(request("one"), pile.taker()));
}
