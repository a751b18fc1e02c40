#include <catch2/catch.hpp>
#include <iostream>
#include <thread>

#include "tests/drivers/scanner/virtual_station.h"

using namespace mailroom;
using namespace mailroom::drivers;
using namespace mailroom::test;
using namespace std::chrono_literals;

TEST_CASE("the scanners of the machine are listed with maker and model") {
  VirtualStation station;
  station.add_scanner("one", 0, "vendor = Acme\nmodel = Fast 9000");
  station.add_scanner("two", 0);
  const auto devices = station.start().list_devices().value();
  REQUIRE(devices.size() == 2);
  CHECK(devices[0].name == "mailroomfeeder:one");
  CHECK(devices[0].vendor == "Acme");
  CHECK(devices[0].model == "Fast 9000");
  CHECK(devices[1].name == "mailroomfeeder:two");
}

TEST_CASE("a scanner that is plugged in later is found by the running process") {
  VirtualStation station;
  station.add_scanner("one", 0);
  auto process = station.start();
  CHECK(process.list_devices().value().size() == 1);
  station.add_scanner("two", 2);
  CHECK(process.list_devices().value().size() == 2);
}

TEST_CASE("a duplex stack comes in order, fronts before backs, and the device's counter agrees") {
  VirtualStation station;
  station.add_scanner("one", 6);
  auto process = station.start();
  Pile pile;
  const auto summary = process.feed(request("one"), pile.taker()).value();
  CHECK(summary.end == FeedEnd::feeder_empty);
  CHECK_FALSE(summary.fault);
  CHECK(summary.sheets == 3);
  CHECK(summary.images == 6);
  CHECK_FALSE(summary.half_sheet);
  CHECK(summary.count.sheets_fed == 3);
  CHECK(summary.count.feeder_loaded == false);
  CHECK(summary.count.double_feed == false);
  CHECK(summary.device.model == "Virtual feeder");
  CHECK(pile.pages() == std::vector{1, 2, 3, 4, 5, 6});
  for (std::size_t i = 0; i < pile.images.size(); i++) {
    CHECK(pile.images[i].sheet == int(i / 2) + 1);
    CHECK(pile.images[i].side == (i % 2 == 0 ? Side::front : Side::back));
    CHECK(pile.images[i].dpi == 300);
  }
}

TEST_CASE("the back of an odd last page is white") {
  VirtualStation station;
  station.add_scanner("one", 3);
  Pile pile;
  const auto summary = station.start().feed(request("one"), pile.taker()).value();
  CHECK(summary.sheets == 2);
  CHECK(pile.pages() == std::vector{1, 2, 3, 32});
}

TEST_CASE("a front-only feed takes each page as a sheet, in the size of its paper") {
  VirtualStation station;
  station.add_scanner("one", 2);
  station.add_page("one", 3, 300, 100);
  Pile pile;
  const auto summary = station.start().feed(request("one", Source::feeder_front), pile.taker()).value();
  CHECK(summary.sheets == 3);
  CHECK(pile.pages() == std::vector{1, 2, 3});
  CHECK(pile.images[0].width == 160);
  CHECK(pile.images[2].width == 300);
  CHECK(pile.images[2].height == 100);
  CHECK(pile.images[2].side == Side::front);
}

TEST_CASE("colour is captured as RGB JPEG, bilevel as one-bit TIFF") {
  VirtualStation station;
  station.add_scanner("one", 2);
  station.add_scanner("two", 2);
  auto process = station.start();
  Pile colour;
  REQUIRE(process.feed(request("one", Source::feeder_front, ColourMode::colour), colour.taker()));
  REQUIRE(colour.images.size() == 2);
  CHECK(colour.images[0].format == ImageFormat::jpeg);
  CHECK(colour.images[0].channels == 3);
  Pile bilevel;
  REQUIRE(process.feed(request("two", Source::feeder_front, ColourMode::bilevel), bilevel.taker()));
  REQUIRE(bilevel.images.size() == 2);
  CHECK(bilevel.images[0].format == ImageFormat::tiff);
  CHECK(bilevel.images[0].bits == 1);
  CHECK(ocr::decode_grey(bilevel.images[0].bytes).value().at(0).data.at(0) == 0);
}

TEST_CASE("a flatbed gives one side") {
  VirtualStation station;
  station.add_scanner("one", 3);
  Pile pile;
  const auto summary = station.start().feed(request("one", Source::flatbed), pile.taker()).value();
  CHECK(summary.end == FeedEnd::feeder_empty);
  CHECK(pile.pages() == std::vector{1});
}

TEST_CASE("a device that does not know the height beforehand is read to its end") {
  VirtualStation station;
  station.add_scanner("one", 2, "height = unknown");
  Pile pile;
  REQUIRE(station.start().feed(request("one"), pile.taker()));
  REQUIRE(pile.images.size() == 2);
  CHECK(pile.images[1].height == 200);
}

TEST_CASE("what the device cannot do is refused by name before a sheet moves") {
  VirtualStation station;
  station.add_scanner("one", 2, "resolutions = 200 300");
  auto process = station.start();
  Pile pile;
  auto wanted = request("one");
  wanted.settings.dpi = 600;
  const auto refused = process.feed(wanted, pile.taker());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::unsupported);
  CHECK(refused.error().what.find("200, 300") != std::string::npos);
  wanted = request("one");
  wanted.settings.width_mm = 500;
  CHECK(process.feed(wanted, pile.taker()).error().what.find("up to 305 mm") != std::string::npos);
  CHECK(process.feed(request("nowhere"), pile.taker()).error().code == Errc::not_found);
  CHECK(process.feed(request("one"), pile.taker()).value().sheets == 1);
}

TEST_CASE("an empty feeder is told apart from the end of a stack") {
  VirtualStation station;
  station.add_scanner("one", 0);
  Pile pile;
  const auto summary = station.start().feed(request("one"), pile.taker()).value();
  CHECK(summary.end == FeedEnd::fault);
  CHECK(summary.fault.value().error.code == Errc::feeder_empty);
  CHECK(summary.sheets == 0);
}

TEST_CASE("a scanner in use is busy for the second process") {
  VirtualStation station;
  station.add_scanner("one", 4);
  auto options = station.options();
  options.queue = 1;  // the first feed cannot end before its images are taken
  auto first = VirtualStation::start(options);
  auto second = station.start();
  Pile pile;
  bool first_image = true;
  const OnImage nested = [&](CapturedImage&&) -> Result<void> {
    const auto refused = second.feed(request("one"), pile.taker());
    if (first_image) CHECK((!refused && refused.error().code == Errc::busy));
    first_image = false;
    return {};
  };
  CHECK(first.feed(request("one"), nested).value().images == 4);
  CHECK(pile.images.empty());
}

TEST_CASE("a slow spool holds the scanner back and loses nothing") {
  VirtualStation station;
  station.add_scanner("one", 30);
  auto options = station.options();
  options.queue = 4;
  options.progress_limit = 1500ms;
  auto process = VirtualStation::start(options);
  std::vector<int> pages;
  int most_ahead = 0;
  const auto state = station.stack("one").parent_path() / "one.feeder";
  const OnImage slow = [&](CapturedImage&& image) -> Result<void> {
    std::this_thread::sleep_for(pages.size() == 10 ? 2000ms : 20ms);  // once longer than the progress limit
    std::ifstream lines(state);
    int fed = 0;
    for (std::string line; std::getline(lines, line);) fed += line.starts_with("fed ") ? 1 : 0;
    most_ahead = std::max(most_ahead, fed - int(pages.size()));
    pages.push_back(Pile::page_of(image));
    return {};
  };
  const auto summary = process.feed(request("one", Source::feeder_front), slow).value();
  CHECK(summary.end == FeedEnd::feeder_empty);
  REQUIRE(pages.size() == 30);
  for (int i = 0; i < 30; i++) CHECK(pages[std::size_t(i)] == i + 1);
  CHECK(most_ahead == 4);
}

TEST_CASE("a stop lets the sheet in flight finish and leaves the rest in the feeder") {
  VirtualStation station;
  station.add_scanner("one", 20, "pace = 1200");
  auto process = station.start();
  std::stop_source stop;
  Pile pile;
  const OnImage stop_at_third = [&](CapturedImage&& image) -> Result<void> {
    if (image.sheet == 2 && image.side == Side::front) stop.request_stop();
    return pile.taker()(std::move(image));
  };
  const auto summary = process.feed(request("one"), stop_at_third, stop.get_token()).value();
  CHECK(summary.end == FeedEnd::stopped);
  CHECK_FALSE(summary.half_sheet);
  CHECK(summary.images == summary.sheets * 2);
  CHECK(summary.sheets < 5);
  CHECK(summary.count.feeder_loaded == true);
  CHECK(process.feed(request("one"), pile.taker()).value().end == FeedEnd::feeder_empty);
  CHECK(pile.images.size() == 20);
}

TEST_CASE("a spool that cannot take an image ends the feed with its error") {
  VirtualStation station;
  station.add_scanner("one", 20);
  auto process = station.start();
  int offered = 0;
  const OnImage full = [&](CapturedImage&&) -> Result<void> {
    if (++offered == 4) return fail(Errc::disk_full, "no room in the spool");
    return {};
  };
  const auto summary = process.feed(request("one"), full).value();
  CHECK(summary.end == FeedEnd::fault);
  CHECK(summary.fault.value().error.code == Errc::disk_full);
  CHECK(offered == 4);
  CHECK(summary.images == 3);
  CHECK(summary.half_sheet == 2);
  CHECK(process.list_devices().value().size() == 1);
}

TEST_CASE("two scanners feed side by side at their own pace") {
  VirtualStation station;
  station.add_scanner("one", 20, "pace = 1500");
  station.add_scanner("two", 20, "pace = 1500");
  using Moment = std::chrono::steady_clock::time_point;
  const auto feed_on = [&](const std::string& name, std::vector<Moment>& moments) {
    auto process = station.start();
    const OnImage note = [&](CapturedImage&&) -> Result<void> {
      moments.push_back(std::chrono::steady_clock::now());
      return {};
    };
    return process.feed(request(name), note).value().images;
  };
  std::vector<Moment> left, right;
  int others = 0;
  std::thread other([&] { others = feed_on("two", right); });
  CHECK(feed_on("one", left) == 20);
  other.join();
  CHECK(others == 20);
  CHECK(left.front() < right.back());
  CHECK(right.front() < left.back());
}

TEST_CASE("a scanner of a backend that is not ours is driven the same way") {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "dll.conf") << "test\n";
  std::ofstream(folder.path() / "test.conf")
      << "number_of_devices 1\ngeometry_max 420.0\ngeometry_quant 1.0\n";
  ScanOptions options;
  options.environment = {{"SANE_CONFIG_DIR", folder.path().string()}};
  auto process = VirtualStation::start(options);
  if (process.list_devices().value().empty()) {
    std::cout << "[skipped] SANE's own test backend is not installed\n";
    return;
  }
  Pile pile;
  FeedRequest wanted{"test:0", {Source::feeder_front, ColourMode::colour, 100}};
  const auto summary = process.feed(wanted, pile.taker()).value();
  CHECK(summary.end == FeedEnd::feeder_empty);
  CHECK(summary.sheets == 10);
  CHECK_FALSE(summary.count.sheets_fed);
  CHECK(pile.images.at(9).channels == 3);
  CHECK(pile.images.at(9).width == Approx(210 / 25.4 * 100).margin(4));
  wanted.settings.source = Source::feeder_duplex;
  const auto refused = process.feed(wanted, pile.taker());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().what.find("feeder_duplex (it offers") != std::string::npos);
}

TEST_CASE("a program that is no scan process is an error, not a wait") {
  ScanOptions options;
  CHECK_FALSE(ScanProcess::start("/nonexistent/mailroom-scan", options));
  auto wrong = ScanProcess::start("/bin/true", options).value();
  CHECK(wrong.list_devices().error().code == Errc::crashed);
}
