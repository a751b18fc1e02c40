#include <catch2/catch.hpp>
#include <condition_variable>
#include <functional>
#include <iostream>
#include <mutex>
#include <vector>

#include "drivers/panel/panel_line.h"
#include "tests/conformance/panel/panel_under_test.h"
#include "tests/support/temporary_folder.h"

using namespace mailroom;
using namespace mailroom::test;
using namespace std::chrono_literals;

namespace {

/// What a line tells, for another thread to wait for.
class Heard {
 public:
  drivers::PanelEvents events() {
    drivers::PanelEvents events;
    events.connected = [this](const panel::Hello& hello) { add(hellos, hello); };
    events.lost = [this] { add(losses, 1); };
    events.pressed = [this](const panel::Press& press) { add(presses, press); };
    return events;
  }
  bool wait(const std::function<bool()>& happened, std::chrono::milliseconds longest = 10s) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, longest, happened);
  }
  std::vector<panel::Hello> hellos;
  std::vector<panel::Press> presses;
  std::vector<int> losses;

 private:
  template <typename T>
  void add(std::vector<T>& list, const T& item) {
    const std::scoped_lock lock(mutex_);
    list.push_back(item);
    changed_.notify_all();
  }
  std::mutex mutex_;
  std::condition_variable changed_;
};

panel::PanelState any_state() {
  panel::PanelState state;
  state.context = 9;
  for (auto& key : state.keys) key.pressed = panel::Action::new_document;
  state.headline.assign("Bereit");
  return state;
}

/// Each test runs on every kind of panel that can be had here.
void on_each_panel(const std::function<void(PanelUnderTest&)>& test) {
  SECTION("the emulator") {
    test(*emulated_panel());
  }
  SECTION("the image in QEMU") {
    const auto panel = panel_under_qemu();
    if (!panel) {
      std::cout << "[skipped] qemu-system-arm or the image is missing\n";
      return;
    }
    test(*panel);
  }
}

}  // namespace

TEST_CASE("a panel is met, and says what it is", "[panel]") {
  on_each_panel([](PanelUnderTest& panel) {
    Heard heard;
    drivers::PanelLine line(panel.line(), heard.events());
    line.show(any_state());
    REQUIRE(heard.wait([&] { return !heard.hellos.empty(); }));
    CHECK((heard.hellos[0].version == panel::kFirmwareVersion));
    CHECK(heard.hellos[0].image_sound);
    CHECK(heard.hellos[0].memory != 0);
  });
}

TEST_CASE("a press comes once, and not again after it was recorded", "[panel]") {
  on_each_panel([](PanelUnderTest& panel) {
    Heard heard;
    drivers::PanelLine line(panel.line(), heard.events());
    line.show(any_state());
    REQUIRE(heard.wait([&] { return !heard.hellos.empty(); }));
    panel.press(panel::Key::right, 60);
    REQUIRE(heard.wait([&] { return heard.presses.size() == 1; }));
    CHECK(heard.presses[0].key == panel::Key::right);
    CHECK(heard.presses[0].context == 9);
    line.recorded(heard.presses[0]);
    CHECK_FALSE(heard.wait([&] { return heard.presses.size() > 1; }, 900ms));
  });
}

TEST_CASE("a press that nobody recorded comes again to the next who opens the line", "[panel]") {
  on_each_panel([](PanelUnderTest& panel) {
    Heard before, after;
    {
      drivers::PanelLine line(panel.line(), before.events());
      line.show(any_state());
      REQUIRE(before.wait([&] { return !before.hellos.empty(); }));
      panel.press(panel::Key::up, 60);
      REQUIRE(before.wait([&] { return before.presses.size() == 1; }));
    }
    drivers::PanelLine line(panel.line(), after.events());
    line.show(any_state());
    REQUIRE(after.wait([&] { return after.presses.size() == 1; }));
    CHECK(after.presses[0].memory == before.presses[0].memory);
    CHECK(after.presses[0].number == before.presses[0].number);
  });
}

TEST_CASE("after a reset a panel is met anew, with the press that was on its way", "[panel]") {
  on_each_panel([](PanelUnderTest& panel) {
    Heard heard;
    drivers::PanelLine line(panel.line(), heard.events());
    line.show(any_state());
    REQUIRE(heard.wait([&] { return !heard.hellos.empty(); }));
    panel.press(panel::Key::down, 60);
    REQUIRE(heard.wait([&] { return heard.presses.size() == 1; }));
    panel.reset();
    REQUIRE(heard.wait([&] { return heard.hellos.size() > 1 && heard.presses.size() > 1; }));
    CHECK(heard.hellos.back().boot != heard.hellos[0].boot);
    CHECK(heard.hellos.back().memory == heard.hellos[0].memory);
    CHECK(heard.presses[1].number == heard.presses[0].number);
  });
}

TEST_CASE("a line is held by one, and what is no serial line is said to be none", "[panel]") {
  const auto panel = emulated_panel();
  const auto first = drivers::SerialPort::open(panel->line());
  REQUIRE(first);
  const auto second = drivers::SerialPort::open(panel->line());
  REQUIRE_FALSE(second);
  CHECK(second.error().code == Errc::busy);
  CHECK(drivers::SerialPort::open("/dev/null").error().code == Errc::unsupported);
  CHECK(drivers::SerialPort::open("/dev/mailroom/nothing").error().code == Errc::not_found);
}

TEST_CASE("a panel that is pulled out is lost at once, and met again when it is back under its name",
          "[panel]") {
  const TemporaryFolder folder;
  const auto name = folder.path() / "panel";
  Heard heard;
  auto panel = emulated_panel();
  std::filesystem::create_symlink(panel->line(), name);
  drivers::PanelLine line(name, heard.events());
  line.show(any_state());
  REQUIRE(heard.wait([&] { return !heard.hellos.empty(); }));
  panel.reset();
  REQUIRE(heard.wait([&] { return !heard.losses.empty(); }, 3s));
  panel = emulated_panel();
  std::filesystem::remove(name);
  std::filesystem::create_symlink(panel->line(), name);
  CHECK(heard.wait([&] { return heard.hellos.size() == 2; }));
}
