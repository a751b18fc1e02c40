#include <catch2/catch.hpp>
#include <set>

#include "tests/drivers/scanner/virtual_station.h"

using namespace mailroom;
using namespace mailroom::drivers;
using namespace mailroom::test;
using namespace std::chrono_literals;

namespace {

constexpr int kSheets = 5;
constexpr auto kLimit = 2500ms;  // until a hang is ended; a busy machine is none

/// One fault of the virtual scanner and what must be said about it.
struct Expected {
  std::string kind;  ///< as the virtual scanner's configuration names it
  FaultKind fault;
  PaperAt paper;
  bool gone;  ///< the sheet went through, so it is fed again by hand
  const char* words_de;
  const char* words_en;
};

const std::vector<Expected> kTable = {
    {"jam", FaultKind::paper_jam, PaperAt::feeder, false, "Papierstau", "Paper jam"},
    {"doublefeed", FaultKind::double_feed, PaperAt::feeder, false, "Doppeleinzug", "Double feed"},
    {"cover", FaultKind::cover_open, PaperAt::feeder, false, "Klappe ist offen", "cover is open"},
    {"io", FaultKind::device_error, PaperAt::feeder, false, "meldet einen Fehler", "reports an error"},
    {"lost", FaultKind::device_lost, PaperAt::unknown, false, "antwortet nicht mehr", "does not answer"},
    {"staple", FaultKind::staple, PaperAt::feeder, false, "Heftklammer", "staple"},
    {"no-ink", FaultKind::no_ink, PaperAt::feeder, false, "keine Tinte", "out of ink"},
    {"stop-button", FaultKind::stop_button, PaperAt::feeder, false, "Stopp gedrückt", "Stop was pressed"},
    {"start-hang", FaultKind::no_progress, PaperAt::unknown, false, "kam nicht weiter", "no progress"},
    {"read-jam", FaultKind::paper_jam, PaperAt::path, true, "Papierstau", "Paper jam"},
    {"short", FaultKind::short_side, PaperAt::tray, true, "nur zum Teil", "Only a part"},
    {"damaged", FaultKind::damaged_image, PaperAt::tray, true, "beschädigt", "damaged"},
    {"contradicts", FaultKind::damaged_image, PaperAt::tray, true, "beschädigt", "damaged"},
    {"changes", FaultKind::damaged_image, PaperAt::tray, true, "beschädigt", "damaged"},
    {"read-hang", FaultKind::no_progress, PaperAt::unknown, true, "kam nicht weiter", "no progress"},
    {"crash", FaultKind::driver_crashed, PaperAt::unknown, true, "abgestürzt", "crashed"},
};

FeedRequest endorsed(Source source) {
  auto wanted = request("one", source);
  wanted.settings.endorser = "26-00001-";  // without it nobody would notice that there is no ink
  return wanted;
}

/// A scanner that does everything and whose images are distrusted.
ScanOptions suspicious(const VirtualStation& station, std::chrono::milliseconds limit) {
  auto options = station.options();
  options.progress_limit = limit;
  const auto folder = station.config() / "scanners";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "mailroomfeeder.json") << R"({"backend": "mailroomfeeder", "grey_tail": true,
    "endorser": {"on": {"endorser": "yes"}, "text": "endorser-string", "number": "%05ud", "start": "endorser-val"}})";
  options.environment[kQuirksVariable] = folder.string();
  return options;
}

void check_fault(const FeedSummary& summary, const Expected& row, int sheet) {
  REQUIRE(summary.end == FeedEnd::fault);
  REQUIRE(summary.fault);
  const FeedFault& fault = *summary.fault;
  CHECK(name_of(fault.kind) == name_of(row.fault));
  CHECK(fault.sheet == sheet);
  CHECK(fault.side == Side::front);
  CHECK(name_of(fault.paper) == name_of(row.paper));
  const FaultWords words = words_of(fault);
  CHECK_THAT(words.what_de,
             Catch::Contains(row.words_de) && Catch::Contains("Blatt " + std::to_string(sheet)));
  CHECK_THAT(words.what_en,
             Catch::Contains(row.words_en) && Catch::Contains("sheet " + std::to_string(sheet)));
  CHECK_THAT(words.remedy_de, Catch::Contains("Blatt " + std::to_string(sheet)));
}

/// The operator does what the words say: a sheet that went through comes back on top of the stack.
void put_back(const VirtualStation& station, int first_page, int pages) {
  const auto file = station.stack("one").parent_path() / "one.feeder";
  std::ifstream in(file);
  std::string kept;
  std::set<std::string> back;
  for (int page = first_page; page < first_page + pages; page++)
    back.insert("fed " + std::to_string(1000 + page) + ".pgm");
  for (std::string line; std::getline(in, line);) {
    if (!back.contains(line)) kept += line + "\n";
  }
  std::ofstream(file) << kept;
}

}  // namespace

TEST_CASE("every fault at every sheet has its words, and the batch is whole after going on") {
  const Source source = GENERATE(Source::feeder_front, Source::feeder_duplex);
  const int sheet = GENERATE(1, 3, kSheets);
  const int sides = source == Source::feeder_duplex ? 2 : 1;
  for (const Expected& row : kTable) {
    DYNAMIC_SECTION(row.kind << " at sheet " << sheet << ", " << sides << " sides") {
      VirtualStation station;
      station.add_scanner("one", kSheets * sides, "fault = " + std::to_string(sheet) + ":" + row.kind);
      Pile pile;
      const bool hangs = row.fault == FaultKind::no_progress;
      const auto start = std::chrono::steady_clock::now();
      const auto feed = [&](std::chrono::milliseconds limit) {
        return VirtualStation::start(suspicious(station, limit)).feed(endorsed(source), pile.taker()).value();
      };
      check_fault(feed(hangs ? kLimit : 15s), row, sheet);
      if (hangs) CHECK(std::chrono::steady_clock::now() - start > kLimit);
      CHECK(pile.images.size() == std::size_t((sheet - 1) * sides));
      if (row.gone) put_back(station, (sheet - 1) * sides + 1, sides);
      const auto rest = feed(15s);
      CHECK(rest.end == FeedEnd::feeder_empty);
      std::vector<int> all;
      for (int page = 1; page <= kSheets * sides; page++) all.push_back(page);
      CHECK(pile.pages() == all);
    }
  }
}

TEST_CASE("an empty feeder is out of paper, not a fault of the device") {
  VirtualStation station;
  station.add_scanner("one", 0);
  Pile pile;
  const auto summary = station.start().feed(request("one"), pile.taker()).value();
  REQUIRE(summary.fault);
  CHECK(summary.fault->kind == FaultKind::out_of_paper);
  CHECK(words_of(*summary.fault).what_de.find("Kein Papier") != std::string::npos);
}

TEST_CASE("a fault on the back names the back and gives the whole sheet back") {
  VirtualStation station;
  station.add_scanner("one", 6, "fault = 2:back-jam");
  Pile pile;
  const auto summary = station.start().feed(request("one"), pile.taker()).value();
  REQUIRE(summary.fault);
  CHECK(summary.fault->sheet == 2);
  CHECK(summary.fault->side == Side::back);
  CHECK(summary.half_sheet == 2);
  CHECK(words_of(*summary.fault).what_de.find("Rückseite") != std::string::npos);
}

TEST_CASE("an even grey end is taken where the device is not known for it") {
  VirtualStation station;
  station.add_scanner("one", 2, "fault = 1:damaged");
  Pile pile;
  CHECK(station.start().feed(request("one"), pile.taker()).value().images == 2);
}

TEST_CASE("a sensor that is kept from before does not hide a double feed") {
  VirtualStation station;
  station.add_scanner("one", 12, "fault = 3:doublefeed\ncached-sensors = yes");
  Pile pile;
  const auto summary = station.start().feed(request("one"), pile.taker()).value();
  REQUIRE(summary.fault);
  CHECK(summary.fault->kind == FaultKind::double_feed);
}
