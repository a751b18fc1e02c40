#include <catch2/catch.hpp>
#include <thread>

#include "tests/conformance/scanner/paths.h"

using namespace mailroom;
using namespace mailroom::drivers;
using namespace mailroom::test;
using namespace std::chrono_literals;

namespace {

std::vector<int> counted_to(int last) {
  std::vector<int> numbers;
  for (int number = 1; number <= last; number++) numbers.push_back(number);
  return numbers;
}

template <typename Path>
FeedRequest request_on(const Path& path, const std::string& name, Source source = Source::feeder_duplex) {
  return {path.device(name), {source, ColourMode::grey, 100}};
}

}  // namespace

TEMPLATE_TEST_CASE("a duplex stack comes whole, in order, and the device agrees", "[scanner]",
                   MAILROOM_SCANNER_PATHS) {
  if (!runs_here<TestType>()) return;
  VirtualStation station;
  station.add_scanner("one", 12);
  TestType path(station);
  auto process = start_on(path);
  Pile pile;
  const auto summary = process.feed(request_on(path, "one"), pile.taker()).value();
  CHECK(summary.end == FeedEnd::feeder_empty);
  CHECK_FALSE(summary.fault);
  CHECK(summary.sheets == 6);
  CHECK(summary.count.sheets_fed == 6);
  CHECK(summary.count.feeder_loaded == false);
  CHECK(pile.pages() == counted_to(12));
  for (std::size_t i = 0; i < pile.images.size(); i++) {
    CHECK(pile.images[i].sheet == int(i / 2) + 1);
    CHECK(pile.images[i].side == (i % 2 == 0 ? Side::front : Side::back));
    CHECK(pile.images[i].dpi == 100);
  }
}

TEMPLATE_TEST_CASE("a front-only stack in colour comes whole", "[scanner]", MAILROOM_SCANNER_PATHS) {
  if (!runs_here<TestType>()) return;
  VirtualStation station;
  station.add_scanner("one", 7);
  TestType path(station);
  Pile pile;
  auto wanted = request_on(path, "one", Source::feeder_front);
  wanted.settings.mode = ColourMode::colour;
  const auto summary = start_on(path).feed(wanted, pile.taker()).value();
  CHECK(summary.end == FeedEnd::feeder_empty);
  CHECK(summary.sheets == 7);
  CHECK(summary.count.sheets_fed == 7);
  CHECK(pile.pages() == counted_to(7));
  CHECK(pile.images.at(0).channels == 3);
}

TEMPLATE_TEST_CASE("two scanners feed at once and mix nothing up", "[scanner]", MAILROOM_SCANNER_PATHS) {
  if (!runs_here<TestType>()) return;
  VirtualStation station;
  station.add_scanner("one", 6);
  station.add_scanner("two", 0);
  for (int page = 7; page <= 14; page++) station.add_page("two", page);
  TestType path(station);
  auto first = start_on(path);
  auto second = start_on(path);
  Pile left, right;
  FeedSummary others;
  std::thread other([&] { others = second.feed(request_on(path, "two"), right.taker()).value(); });
  const auto ours = first.feed(request_on(path, "one"), left.taker()).value();
  other.join();
  CHECK(ours.end == FeedEnd::feeder_empty);
  CHECK(others.end == FeedEnd::feeder_empty);
  CHECK(left.pages() == counted_to(6));
  CHECK(right.pages() == std::vector{7, 8, 9, 10, 11, 12, 13, 14});
}

TEMPLATE_TEST_CASE("an empty feeder is told, and paper put in afterwards is fed", "[scanner]",
                   MAILROOM_SCANNER_PATHS) {
  if (!runs_here<TestType>()) return;
  VirtualStation station;
  station.add_scanner("one", 0);
  TestType path(station);
  auto process = start_on(path);
  Pile pile;
  const auto summary = process.feed(request_on(path, "one"), pile.taker()).value();
  REQUIRE(summary.fault);
  CHECK(summary.fault->error.code == Errc::feeder_empty);
  for (int page = 1; page <= 4; page++) station.add_page("one", page);
  CHECK(process.feed(request_on(path, "one"), pile.taker()).value().end == FeedEnd::feeder_empty);
  CHECK(pile.pages() == counted_to(4));
}

TEMPLATE_TEST_CASE("a setting the device does not have is refused before a sheet moves", "[scanner]",
                   MAILROOM_SCANNER_PATHS) {
  if (!runs_here<TestType>()) return;
  VirtualStation station;
  station.add_scanner("one", 4, "resolutions = 100 200");
  TestType path(station);
  auto process = start_on(path);
  Pile pile;
  auto wanted = request_on(path, "one");
  wanted.settings.dpi = 600;
  const auto refused = process.feed(wanted, pile.taker());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::unsupported);
  CHECK(refused.error().what.find("100, 200") != std::string::npos);
  CHECK(process.feed(request_on(path, "one"), pile.taker()).value().sheets == 2);
  CHECK(pile.pages() == counted_to(4));
}

TEMPLATE_TEST_CASE("a scanner that is not there is not found or does not answer", "[scanner]",
                   MAILROOM_SCANNER_PATHS) {
  if (!runs_here<TestType>()) return;
  VirtualStation station;
  station.add_scanner("one", 2);
  TestType path(station);
  auto process = start_on(path);
  Pile pile;
  CHECK_FALSE(process.feed(request_on(path, "nowhere"), pile.taker()));
  CHECK(process.feed(request_on(path, "one"), pile.taker()).value().sheets == 1);
}

TEMPLATE_TEST_CASE("after a stop no sheet is missing without a number that says so", "[scanner]",
                   MAILROOM_SCANNER_PATHS) {
  if (!runs_here<TestType>()) return;
  VirtualStation station;
  station.add_scanner("one", 14, "pace = 1200");
  TestType path(station);
  auto process = start_on(path);
  std::stop_source stop;
  Pile pile;
  const OnImage stop_at_second = [&](CapturedImage&& image) -> Result<void> {
    if (image.sheet == 2) stop.request_stop();
    return pile.taker()(std::move(image));
  };
  const auto summary = process.feed(request_on(path, "one"), stop_at_second, stop.get_token()).value();
  CHECK(summary.end == FeedEnd::stopped);
  INFO((summary.fault ? summary.fault->error.message() : "no fault"));
  CHECK_FALSE(summary.half_sheet);
  REQUIRE(summary.count.sheets_fed);
  const int in_the_tray =
      *summary.count.sheets_fed;  // a driver that reads ahead has pulled more than it gave
  CHECK(in_the_tray >= summary.sheets);
  CHECK(summary.count.feeder_loaded == (in_the_tray < 7));
  CHECK(pile.pages() == counted_to(2 * summary.sheets));
  if (in_the_tray == 7) return;
  Pile rest;
  const auto then = process.feed(request_on(path, "one"), rest.taker()).value();
  INFO("then: " << (then.fault ? then.fault->error.message() : "no fault"));
  REQUIRE(then.end == FeedEnd::feeder_empty);
  CHECK(int(rest.images.size()) == 14 - 2 * in_the_tray);
  CHECK(rest.pages().front() == 2 * in_the_tray + 1);
}
