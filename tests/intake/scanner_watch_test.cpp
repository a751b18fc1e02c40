#include "daemon/intake/scanner_watch.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "tests/drivers/scanner/virtual_station.h"

using namespace mailroom;
using namespace mailroom::test;
using namespace std::chrono_literals;
using intake::ScannerNews;

namespace {

/// A watch on the virtual scanner `one`, and all it told.
struct Watched {
  VirtualStation station;
  intake::ScannerTurns turns;
  intake::ScannerSites sites{build_path("bin/mailroom-scan"), station.options(), {}};
  std::mutex mutex;
  std::condition_variable told;
  std::vector<ScannerNews> news;
  std::optional<intake::ScannerWatch> watch;

  void begin(StartOn start) {
    watch.emplace(sites, turns, std::vector<intake::WatchedScanner>{{"mailroomfeeder:one", start}}, 20ms,
                  [this](const std::string&, ScannerNews what) {
                    const std::scoped_lock lock(mutex);
                    news.push_back(what);
                    told.notify_all();
                  });
    looks();
  }

  /// Long enough for two looks at least.
  static void looks() { std::this_thread::sleep_for(600ms); }

  void press() const { std::ofstream(station.stack("one").parent_path() / "one.button"); }

  std::vector<ScannerNews> after(std::size_t count) {
    std::unique_lock lock(mutex);
    told.wait_for(lock, 10s, [&] { return news.size() >= count; });
    return news;
  }
};

}  // namespace

TEST_CASE("a press of the scanner's button is told once, and the scanner is free for others between looks") {
  Watched one;
  one.station.add_scanner("one", 2);
  one.begin(StartOn::button);
  one.press();
  CHECK(one.after(1) == std::vector{ScannerNews::button});
  Watched::looks();
  CHECK(one.after(1) == std::vector{ScannerNews::button});
  one.press();
  CHECK(one.after(2).size() == 2);

  auto foreign = one.station.start();
  bool free = false;
  for (int tries = 0; tries < 50 && !free; ++tries) free = bool(foreign.capabilities("mailroomfeeder:one"));
  CHECK(free);
}

TEST_CASE("paper put into an empty feeder is told, paper that lay there before is not") {
  Watched one;
  one.station.add_scanner("one", 0);
  one.begin(StartOn::paper);
  CHECK(one.news.empty());
  one.station.add_page("one", 1);
  CHECK(one.after(1) == std::vector{ScannerNews::paper});

  Watched full;
  full.station.add_scanner("one", 2);
  full.begin(StartOn::paper);
  CHECK(full.news.empty());
}

TEST_CASE("what is pressed during a feed starts nothing after it") {
  Watched one;
  one.station.add_scanner("one", 2);
  one.begin(StartOn::button);
  {
    const auto feeding = one.turns.take("mailroomfeeder:one");
    one.press();
    Watched::looks();
  }
  Watched::looks();
  CHECK(one.news.empty());
}

TEST_CASE("a scanner that is unplugged is told as gone once, and as back when it is there again") {
  Watched one;
  one.station.add_scanner("one", 2);
  one.begin(StartOn::button);
  const auto list = one.station.config() / "mailroomfeeder.conf";
  std::filesystem::rename(list, one.station.config() / "unplugged");
  CHECK(one.after(1) == std::vector{ScannerNews::gone});
  Watched::looks();
  std::filesystem::rename(one.station.config() / "unplugged", list);
  CHECK(one.after(2) == std::vector{ScannerNews::gone, ScannerNews::back});
  one.press();
  CHECK(one.after(3).back() == ScannerNews::button);
}

TEST_CASE("a driver that refuses to list its scanners is told as gone, and the watch still ends") {
  Watched one;
  one.station.add_scanner("one", 2);
  one.begin(StartOn::button);
  std::ofstream(one.station.config() / "mailroomfeeder.conf") << "nonsense = yes\n";
  CHECK(one.after(1) == std::vector{ScannerNews::gone});
  one.watch->stop();
}
