#include <catch2/catch.hpp>

#include "tests/drivers/scanner/virtual_station.h"

using namespace mailroom;
using namespace mailroom::drivers;
using namespace mailroom::test;

namespace {

/// A virtual scanner that has the options of `backend` and is named like it, so that its quirk file counts.
Capabilities capabilities_of(const VirtualStation& station, const std::string& backend) {
  return station.start().capabilities("mailroomfeeder:" + backend).value();
}

FeedRequest request_of(const std::string& backend, FeedSettings settings = {}) {
  return {"mailroomfeeder:" + backend, std::move(settings)};
}

}  // namespace

TEST_CASE("the shipped quirk files drive the option sets of the production backends") {
  const std::string backend = GENERATE("fujitsu", "canon_dr", "avision", "epsonds", "kodakaio", "kvs40xx");
  VirtualStation station;
  station.add_scanner(backend, 4, "plays = " + backend);
  const auto offered = capabilities_of(station, backend);
  INFO(backend);
  CHECK(offered.quirks.find(backend + ".json") != std::string::npos);
  CHECK(offered.sources == std::vector{Source::flatbed, Source::feeder_front, Source::feeder_duplex});
  CHECK(offered.modes.size() == 3);
  CHECK(offered.doubts.empty());
  CHECK(offered.detects_double_feed ==
        (backend == "fujitsu" || backend == "canon_dr" || backend == "kvs40xx"));
  CHECK((offered.endorser_letters > 0) == (backend == "fujitsu" || backend == "canon_dr"));
  CHECK(offered.measures_paper == (backend == "fujitsu"));
  auto process = station.start();
  Pile pile;
  const auto summary = process.feed(request_of(backend), pile.taker()).value();
  CHECK(summary.end == FeedEnd::feeder_empty);
  CHECK(pile.pages() == std::vector{1, 2, 3, 4});
  CHECK(pile.images[1].side == Side::back);
}

TEST_CASE("everything a device does not offer is named at once, before a sheet moves") {
  VirtualStation station;
  station.add_scanner("epsonds", 2, "plays = epsonds\nresolutions = 200 300");
  FeedSettings wanted;
  wanted.dpi = 240;
  wanted.height_mm = 9000;
  wanted.measured = true;
  wanted.double_feed = DoubleFeedCheck::required;
  wanted.endorser = "26-00001-";
  auto process = station.start();
  Pile pile;
  const auto refused = process.feed(request_of("epsonds", wanted), pile.taker());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::unsupported);
  for (const char* part :
       {"240 dpi (it offers 200, 300)", "9000 mm", "as large as their paper", "double-feed", "no endorser"})
    CHECK_THAT(refused.error().what, Catch::Contains(part));
  CHECK(process.feed(request_of("epsonds"), pile.taker()).value().sheets == 1);
}

TEST_CASE("an endorser prints what the profile says, and its count is told") {
  VirtualStation station;
  station.add_scanner("one", 6);
  auto wanted = request("one");
  wanted.settings.endorser = "26-00001-";
  wanted.settings.endorser_start = 4;
  Pile pile;
  const auto summary = station.start().feed(wanted, pile.taker()).value();
  CHECK(summary.sheets == 3);
  CHECK(summary.count.endorsed == 3);
  wanted.settings.endorser = std::string(70, 'x');
  CHECK(station.start().feed(wanted, pile.taker()).error().code == Errc::unsupported);
}

TEST_CASE("a device that offers nothing usable is refused with what it has") {
  VirtualStation station;
  station.add_scanner("one", 2, "plays = nothing");
  const auto offered = capabilities_of(station, "one");
  CHECK(offered.sources.empty());
  CHECK(offered.modes.empty());
  Pile pile;
  const auto refused = station.start().feed(request("one"), pile.taker());
  REQUIRE_FALSE(refused);
  CHECK_THAT(refused.error().what, Catch::Contains("feeder_duplex (it offers nothing)"));
}

TEST_CASE("ranges that cannot be are not believed") {
  VirtualStation station;
  station.add_scanner("one", 2, "plays = nonsense");
  const auto offered = capabilities_of(station, "one");
  CHECK_FALSE(offered.resolutions.offers(300));
  CHECK(offered.doubts.size() == 2);
  Pile pile;
  CHECK_THAT(station.start().feed(request("one"), pile.taker()).error().what, Catch::Contains("300 dpi"));
}

TEST_CASE("a wrong quirk file refuses its devices and names the member") {
  VirtualStation station;
  station.add_scanner("one", 2);
  auto options = station.options();
  const auto folder = station.config() / "scanners";
  std::filesystem::create_directories(folder);
  options.environment[kQuirksVariable] = folder.string();
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"{", "no JSON"},
      {R"({"sensors": {"covr": "x"}})", "sensors.covr"},
      {R"({"set": {"ald": true}})", "set.ald"},
      {R"({"sensors": {"error_codes": {"7": "burnt"}}})", "error_codes.7"},
      {R"({"models": [{"set": {}}]})", "names no model"}};
  for (const auto& [text, named] : wrong) {
    std::ofstream(folder / "mailroomfeeder.json") << text;
    Pile pile;
    const auto refused = VirtualStation::start(options).feed(request("one"), pile.taker());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::invalid_input);
    CHECK_THAT(refused.error().message(), Catch::Contains(named));
  }
}

TEST_CASE("a side of a hundred megabytes comes whole") {
  VirtualStation station;
  station.add_scanner("one", 0);
  station.add_page("one", 3, 3500, 9600);  // a strip of 0.8 metres
  Pile pile;
  const auto summary =
      station.start().feed(request("one", Source::feeder_front, ColourMode::colour), pile.taker()).value();
  CHECK_FALSE(summary.fault);
  REQUIRE(pile.images.size() == 1);
  CHECK(pile.images[0].height == 9600);  // 101 MB of pixels
}
