#include "daemon/intake/feeding.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <condition_variable>
#include <mutex>

#include "tests/drivers/scanner/virtual_station.h"
#include "tests/support/places.h"

using namespace mailroom;
using namespace mailroom::test;
using namespace std::chrono_literals;

namespace {

/// A station whose feeds go into a real spool; remembers what it was told.
struct Mailroom {
  VirtualStation station;
  TemporaryFolder folder;
  intake::Spool spool{folder.path() / "spool"};
  std::mutex mutex;
  std::condition_variable told;
  std::vector<int> sheets;  // of the sides taken
  std::vector<drivers::FeedSummary> ended;
  std::optional<Error> refuse;  // what take answers
  intake::Feeding feeding;

  explicit Mailroom(std::uint64_t reserve_mib = 0)
      : feeding(build_path("bin/mailroom-scan"), station.options(), spool, reserve_mib, events()) {
    std::filesystem::create_directories(folder.path() / "spool");
  }

  intake::FeedEvents events() {
    return {[this](const std::string&, const CapturedImage& image, std::size_t) -> Result<void> {
              const std::scoped_lock lock(mutex);
              if (refuse) return fail(*refuse);
              sheets.push_back(image.sheet);
              told.notify_all();
              return {};
            },
            [this](const std::string&, const drivers::FeedSummary& summary) {
              const std::scoped_lock lock(mutex);
              ended.push_back(summary);
              told.notify_all();
            }};
  }
  static intake::FeedOrder order(const std::string& scanner, const std::string& batch, int before = 0) {
    return {batch, before, request(scanner)};
  }
  drivers::FeedSummary wait_for_end(std::size_t feeds = 1) {
    std::unique_lock lock(mutex);
    REQUIRE(told.wait_for(lock, 20s, [&] { return ended.size() >= feeds; }));
    return ended.at(feeds - 1);
  }
  void wait_for_sides(std::size_t count) {
    std::unique_lock lock(mutex);
    REQUIRE(told.wait_for(lock, 20s, [&] { return sheets.size() >= count; }));
  }
};

}  // namespace

TEST_CASE("a feed returns with its first side durable and is told its end once") {
  Mailroom room;
  room.station.add_scanner("one", 6);
  REQUIRE(room.feeding.start(Mailroom::order("one", "b1", 2)));
  CHECK(std::filesystem::exists(room.spool.path_of({"b1", 3, Side::front, ImageFormat::jpeg})));
  const auto summary = room.wait_for_end();
  CHECK(summary.end == drivers::FeedEnd::feeder_empty);
  CHECK(summary.sheets == 3);
  CHECK(room.sheets == std::vector{3, 3, 4, 4, 5, 5});
  for (int sheet = 3; sheet <= 5; ++sheet)
    CHECK(std::filesystem::exists(room.spool.path_of({"b1", sheet, Side::back, ImageFormat::jpeg})));
}

TEST_CASE("a feed that fails before its first side is its error and has no end") {
  Mailroom room;
  room.station.add_scanner("one", 0);
  CHECK(room.feeding.start(Mailroom::order("one", "b1")).error().code == Errc::feeder_empty);
  CHECK(room.feeding.start(Mailroom::order("nobody", "b2")).error().code == Errc::not_found);
  CHECK(room.ended.empty());
  CHECK(room.feeding.busy().empty());
}

TEST_CASE("a scanner feeds one batch at a time, another scanner is free") {
  Mailroom room;
  room.station.add_scanner("one", 40, "pace = 600");
  room.station.add_scanner("two", 2);
  REQUIRE(room.feeding.start(Mailroom::order("one", "b1")));
  CHECK(room.feeding.busy() == std::vector<std::string>{"mailroomfeeder:one"});
  const auto second = room.feeding.start(Mailroom::order("one", "b2"));
  REQUIRE_FALSE(second);
  CHECK(second.error().code == Errc::busy);
  CHECK(room.feeding.start(Mailroom::order("two", "b3")));
  room.feeding.stop_all();
}

TEST_CASE("the next stack may be fed as soon as the end of the one before is told") {
  Mailroom room;
  room.station.add_scanner("one", 2);
  REQUIRE(room.feeding.start(Mailroom::order("one", "b1")));
  room.wait_for_end();
  const auto next = room.feeding.start(Mailroom::order("one", "b2"));
  REQUIRE_FALSE(next);
  CHECK(next.error().code == Errc::feeder_empty);
}

TEST_CASE("stopping lets the sheet that moves finish") {
  Mailroom room;
  room.station.add_scanner("one", 60, "pace = 600");
  REQUIRE(room.feeding.start(Mailroom::order("one", "b1")));
  REQUIRE(room.feeding.stop("mailroomfeeder:one"));
  const auto summary = room.wait_for_end();
  CHECK(summary.end == drivers::FeedEnd::stopped);
  CHECK(summary.sheets < 30);
  CHECK_FALSE(summary.half_sheet);
  CHECK(room.feeding.stop("mailroomfeeder:one").error().code == Errc::not_found);
  CHECK(room.feeding.stop("mailroomfeeder:two").error().code == Errc::not_found);
}

TEST_CASE("stopping all pauses every feed, waits for it and starts no other") {
  Mailroom room;
  room.station.add_scanner("one", 60, "pace = 600");
  REQUIRE(room.feeding.start(Mailroom::order("one", "b1")));
  room.feeding.stop_all();
  REQUIRE(room.ended.size() == 1);
  CHECK(room.ended[0].end == drivers::FeedEnd::paused);
  CHECK(room.feeding.start(Mailroom::order("one", "b2")).error().code == Errc::cancelled);
}

TEST_CASE("a side that cannot be taken ends the feed with that fault") {
  Mailroom room;
  room.station.add_scanner("one", 60, "pace = 600");
  REQUIRE(room.feeding.start(Mailroom::order("one", "b1")));
  {
    const std::scoped_lock lock(room.mutex);
    room.refuse = Error{Errc::disk_full, "the disk is full"};
  }
  const auto summary = room.wait_for_end();
  CHECK(summary.end == drivers::FeedEnd::fault);
  REQUIRE(summary.fault);
  CHECK(summary.fault->kind == FaultKind::not_stored);
  CHECK(summary.fault->error.code == Errc::disk_full);
}

TEST_CASE("nothing is taken below the reserve of the disk") {
  Mailroom room(1U << 30U);
  room.station.add_scanner("one", 2);
  CHECK(room.feeding.start(Mailroom::order("one", "b1")).error().code == Errc::disk_full);
  CHECK_FALSE(std::filesystem::exists(room.spool.folder_of("b1")));
}

TEST_CASE("a helper that cannot be run is the error of the feed") {
  TemporaryFolder folder;
  intake::Spool spool(folder.path());
  intake::Feeding feeding("/nonexistent/mailroom-scan", {}, spool, 0, {});
  CHECK_FALSE(feeding.start(Mailroom::order("one", "b1")));
  CHECK_FALSE(feeding.list_devices());
}
