#include <catch2/catch.hpp>

#include "tests/drivers/scanner/virtual_station.h"
#include "tests/support/text_file.h"

using namespace mailroom;
using namespace mailroom::drivers;
using namespace mailroom::test;
using namespace std::chrono_literals;

namespace {

/// A virtual scanner whose feed is recorded, and the recording played as another scanner.
class RecordedFeed {
 public:
  FeedSummary record(const std::string& more, bool pictures, std::chrono::milliseconds limit = 15s) {
    station_.add_scanner("one", 6, more);
    auto options = station_.options();
    options.progress_limit = limit;
    auto wanted = request("one");
    wanted.record = RecordingOrder{file(), pictures};
    return VirtualStation::start(options).feed(wanted, original.taker()).value();
  }

  FeedSummary play(const std::string& more = "", std::chrono::milliseconds limit = 15s) {
    return play_file(file(), more, limit);
  }

  FeedSummary play_file(const std::filesystem::path& recording, const std::string& more,
                        std::chrono::milliseconds limit,
                        const FeedSettings& settings = {Source::feeder_duplex, ColourMode::grey}) {
    std::ofstream(folder_.path() / "dll.conf") << "mailroomreplay\n";
    std::ofstream(folder_.path() / "mailroomreplay.conf")
        << "device one\nrecording = " << recording.string() << "\n"
        << more << "\n";
    ScanOptions options;
    options.progress_limit = limit;
    options.environment = {{"SANE_CONFIG_DIR", folder_.path().string()},
                           {"LD_LIBRARY_PATH", build_path("lib/sane")}};
    FeedRequest wanted{"mailroomreplay:one", settings};
    return VirtualStation::start(options).feed(wanted, played.taker()).value();
  }

  [[nodiscard]] std::filesystem::path file() const { return folder_.path() / "feed.jsonl"; }

  Pile original, played;

 private:
  VirtualStation station_;
  TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("a recorded feed with its pictures plays to the same bytes", "[scanner]") {
  RecordedFeed feed;
  const auto before = feed.record("", true);
  const auto after = feed.play();
  CHECK(before.end == FeedEnd::feeder_empty);
  CHECK(after.end == FeedEnd::feeder_empty);
  CHECK(after.device.model == "Virtual feeder");
  CHECK(after.count.sheets_fed == before.count.sheets_fed);
  CHECK(after.count.feeder_loaded == before.count.feeder_loaded);
  REQUIRE(feed.played.images.size() == feed.original.images.size());
  for (std::size_t i = 0; i < feed.played.images.size(); i++)
    CHECK(feed.played.images[i].sha256 == feed.original.images[i].sha256);
}

TEST_CASE("a recorded fault plays to the same fault, without the pictures too", "[scanner]") {
  const std::string kind =
      GENERATE("jam", "doublefeed", "cover", "io", "read-jam", "back-jam", "short", "stop-button");
  RecordedFeed feed;
  const auto before = feed.record("fault = 2:" + kind, false);
  const auto after = feed.play();
  CAPTURE(kind, text_of(feed.file()));
  CHECK(after.end == before.end);
  CHECK(after.sheets == before.sheets);
  CHECK(after.images == before.images);
  CHECK(after.half_sheet == before.half_sheet);
  CHECK(after.count.double_feed == before.count.double_feed);
  CHECK(after.count.feeder_loaded == before.count.feeder_loaded);
  REQUIRE(after.fault.has_value() == before.fault.has_value());
  if (after.fault) CHECK(name_of(after.fault->kind) == name_of(before.fault->kind));
}

TEST_CASE("a recording of a hang hangs again, of a crash crashes again", "[scanner]") {
  RecordedFeed feed;
  CHECK(feed.record("fault = 2:read-hang", false, 1500ms).fault.value().error.code == Errc::timed_out);
  const auto hung = feed.play("", 1500ms);
  CHECK(hung.fault.value().error.code == Errc::timed_out);
  CHECK(hung.images == 2);
  CHECK(feed.play("unfinished = crash").fault.value().error.code == Errc::crashed);
}

TEST_CASE("a recording without pictures holds nothing of the paper", "[scanner]") {
  RecordedFeed feed;
  feed.record("", false);
  CHECK(text_of(feed.file()).find("picture\"") == std::string::npos);
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(feed.file().parent_path()))
    files += entry.path().extension() == ".raw" ? 1 : 0;
  CHECK(files == 0);
  CHECK((std::filesystem::status(feed.file()).permissions() & std::filesystem::perms::others_read) ==
        std::filesystem::perms::none);
}

TEST_CASE("a recording never overwrites a file, and a feed that cannot be recorded is refused", "[scanner]") {
  VirtualStation station;
  station.add_scanner("one", 2);
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "there.jsonl") << "kept";
  auto wanted = request("one");
  wanted.record = RecordingOrder{folder.path() / "there.jsonl", false};
  Pile pile;
  auto process = station.start();
  CHECK_FALSE(process.feed(wanted, pile.taker()));
  CHECK(text_of(folder.path() / "there.jsonl") == "kept");
  wanted.record.reset();
  CHECK(process.feed(wanted, pile.taker()).value().sheets == 1);
}

TEST_CASE("a file that is no recording is refused with its line", "[scanner]") {
  RecordedFeed feed;
  const std::string text =
      GENERATE("", "not json\n", "{\"recording\":2}\n", "{\"recording\":1}\n{\"call\":\nrest\n");
  std::ofstream(feed.file()) << text;
  std::ofstream(feed.file().parent_path() / "dll.conf") << "mailroomreplay\n";
  std::ofstream(feed.file().parent_path() / "mailroomreplay.conf")
      << "device one\nrecording = " << feed.file().string();
  ScanOptions options;
  options.environment = {{"SANE_CONFIG_DIR", feed.file().parent_path().string()},
                         {"LD_LIBRARY_PATH", build_path("lib/sane")}};
  Pile pile;
  CHECK_FALSE(VirtualStation::start(options).feed({"mailroomreplay:one", {}}, pile.taker()));
}

TEST_CASE("what was recorded at a device is told today as it was when it was understood", "[scanner]") {
  struct Kept {
    std::string file;
    Source source;
    int dpi;
    FaultKind kind;
    int sheet, images;
  };
  const auto kept =
      GENERATE(Kept{"double-feed-at-sheet-2.jsonl", Source::feeder_duplex, 300, FaultKind::double_feed, 2, 2},
               Kept{"cover-open-while-reading.jsonl", Source::feeder_front, 50, FaultKind::cover_open, 1, 0});
  CAPTURE(kept.file);
  RecordedFeed feed;
  const auto summary = feed.play_file(source_path("tests/data/recordings/" + kept.file), "", 15s,
                                      {kept.source, ColourMode::grey, kept.dpi});
  REQUIRE(summary.fault);
  CHECK(name_of(summary.fault->kind) == name_of(kept.kind));
  CHECK(summary.fault->sheet == kept.sheet);
  CHECK(summary.images == kept.images);
}
