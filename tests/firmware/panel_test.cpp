#include <catch2/catch.hpp>
#include <cstring>

#include "firmware/panel/font.h"
#include "tests/firmware/line_bench.h"

using namespace mailroom::panel;
using namespace mailroom::test;

namespace {

std::uint8_t bit(Lamp lamp) {
  return std::uint8_t(1U << std::uint8_t(lamp));
}

int lit_pixels(const Canvas& canvas) {
  int count = 0;
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) count += canvas.at(x, y) ? 1 : 0;
  }
  return count;
}

bool shows(const Canvas& canvas, int x, int y, std::string_view text, int scale = 1) {
  Canvas wanted;
  wanted.write(x, y, text, scale);
  const int width = int(length_of(text)) * kGlyphWidth * scale;
  for (int row = y; row < y + kGlyphHeight * scale; ++row) {
    for (int column = x; column < x + width; ++column)
      if (wanted.at(column, row) != canvas.at(column, row)) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("a panel that nobody answers says so and is safe", "[panel]") {
  LineBench bench(1);
  bench.kill_daemon();
  bench.run(3000);
  CHECK(shows(bench.picture(), 0, 12, "Getrennt", 2));
  bench.press(Key::select);
  bench.run(100);
  CHECK(bench.store().next_number() <= 1);
  CHECK(shows(bench.picture(), 0, 32, "Taste nicht angenomm."));
}

TEST_CASE("a panel shows what the daemon says within half a second of meeting it", "[panel]") {
  LineBench bench(2);
  bench.run(500);
  CHECK(bench.connections == 1);
  CHECK(bench.lamps() == bit(Lamp::working));
  CHECK(shows(bench.picture(), 0, 12, "Läuft", 2));
  CHECK((bench.last_hello->version == kFirmwareVersion));
}

TEST_CASE("a press acts once, with the meaning that was shown", "[panel]") {
  LineBench bench(3);
  bench.run(500);
  bench.press(Key::right);
  bench.run(500);
  REQUIRE(bench.acted.size() == 1);
  CHECK(bench.acted[0].action == Action::new_document);
  CHECK(bench.acted[0].context == 7);
  CHECK(bench.store().waiting() == 0);
}

TEST_CASE("a contact that bounces is one press", "[panel]") {
  LineBench bench(4);
  bench.run(500);
  for (int i = 0; i < 5; ++i) {
    bench.press(Key::select, 2);
    bench.run(4);
  }
  bench.press(Key::select, 60);
  bench.run(60);
  for (int i = 0; i < 5; ++i) {
    bench.run(3);
    bench.press(Key::select, 2);
    bench.run(3);
  }
  bench.run(500);
  CHECK(bench.acted.size() == 1);
}

TEST_CASE("a spike shorter than a finger is no press", "[panel]") {
  LineBench bench(5);
  bench.run(500);
  bench.press(Key::select, 6);
  bench.run(500);
  CHECK(bench.acted.empty());
}

TEST_CASE("a press that came and went while the display was drawn counts", "[panel]") {
  LineBench bench(19);
  bench.run(500);
  bench.press_in_the_past(Key::right, 40);
  bench.run(300);
  CHECK(bench.acted.size() == 1);
}

TEST_CASE("a key with two meanings acts when it is let go, or when it is held", "[panel]") {
  LineBench bench(6);
  bench.run(500);
  bench.press(Key::left, 100);
  bench.run(50);
  CHECK(bench.acted.empty());
  bench.run(200);
  REQUIRE(bench.acted.size() == 1);
  CHECK(bench.acted[0].action == Action::urgent);
  bench.press(Key::left, 1500);
  bench.run(1000);
  REQUIRE(bench.acted.size() == 2);
  CHECK(bench.acted[1].action == Action::stop);
  bench.run(1000);
  CHECK(bench.acted.size() == 2);
}

TEST_CASE("a key that is down at the start counts only after it was let go", "[panel]") {
  LineBench bench(7);
  bench.press(Key::select, 2000);
  bench.run(1);
  bench.reset_panel();
  bench.run(2500);
  CHECK(bench.acted.empty());
  CHECK(bench.last_hello->keys == 0x10);
  bench.press(Key::select);
  bench.run(300);
  CHECK(bench.acted.size() == 1);
}

TEST_CASE("a key without a meaning says so and does nothing", "[panel]") {
  LineBench bench(8);
  PanelState state = busy_state();
  state.keys = {};
  bench.show(state);
  bench.run(500);
  bench.press(Key::up);
  bench.run(100);
  CHECK(shows(bench.picture(), 0, 32, "Taste hier ohne Zweck"));
  bench.run(2000);
  CHECK_FALSE(shows(bench.picture(), 0, 32, "Taste hier ohne Zweck"));
  CHECK(bench.acted.empty());
}

TEST_CASE("both ends know within three seconds that the line is cut, and recover by themselves", "[panel]") {
  LineBench bench(9);
  bench.run(1000);
  REQUIRE(bench.daemon_sees_it());
  const int direction = GENERATE(0, 1, 2);
  bench.to_daemon.cut = direction != 1;
  bench.to_panel.cut = direction != 0;
  bench.run(3000);
  CHECK_FALSE(bench.panel().connected());
  CHECK_FALSE(bench.daemon_sees_it());
  CHECK(bench.losses == 1);
  CHECK((bench.lamps() & ~bit(Lamp::no_connection)) == 0);
  PanelState changed = busy_state();
  changed.headline.assign("Bereit");
  bench.show(changed);
  bench.to_daemon.cut = bench.to_panel.cut = false;
  bench.run(1500);
  CHECK(bench.panel().connected());
  CHECK(bench.daemon_sees_it());
  CHECK(shows(bench.picture(), 0, 12, "Bereit", 2));
}

TEST_CASE("a press just before the line drops acts once when it is back", "[panel]") {
  LineBench bench(10);
  bench.run(500);
  bench.to_daemon.cut = bench.to_panel.cut = true;
  bench.press(Key::right);
  bench.run(8000);
  CHECK(bench.store().waiting() == 1);
  bench.to_daemon.cut = bench.to_panel.cut = false;
  bench.run(2000);
  REQUIRE(bench.acted.size() == 1);
  CHECK(bench.acted[0].age > 7000);
  CHECK(bench.store().waiting() == 0);
}

TEST_CASE("a press survives a reset of the panel, with its age", "[panel]") {
  LineBench bench(11);
  bench.run(500);
  bench.to_daemon.cut = bench.to_panel.cut = true;
  bench.press(Key::right);
  bench.run(1000);
  bench.reset_panel();
  bench.to_daemon.cut = bench.to_panel.cut = false;
  bench.run(1000);
  REQUIRE(bench.acted.size() == 1);
  CHECK(bench.acted[0].age >= 900);
  CHECK(bench.acted[0].age < 2500);
}

TEST_CASE("a press that was recorded by a daemon that died is not recorded again", "[panel]") {
  LineBench bench(12);
  bench.run(500);
  bench.dies_after_recording = 100;
  bench.press(Key::right);
  bench.run(500);
  CHECK(bench.acted.size() == 1);
  CHECK(bench.store().waiting() == 1);
  bench.dies_after_recording = 0;
  bench.start_daemon();
  bench.run(1500);
  CHECK(bench.acted.size() == 1);
  CHECK(bench.store().waiting() == 0);
}

TEST_CASE("after a loss of power the numbering begins anew and nothing is taken for a repetition",
          "[panel]") {
  LineBench bench(13);
  bench.run(500);
  bench.press(Key::right);
  bench.run(500);
  bench.lose_power();
  bench.run(1500);
  bench.press(Key::right);
  bench.run(500);
  REQUIRE(bench.acted.size() == 2);
  CHECK(bench.acted[0].number == bench.acted[1].number);
  CHECK(bench.acted[0].memory != bench.acted[1].memory);
}

TEST_CASE("with its memory full a panel takes no more and says so", "[panel]") {
  LineBench bench(14);
  bench.run(500);
  bench.to_daemon.cut = true;
  for (int i = 0; i < 20; ++i) {
    bench.press(Key::right);
    bench.run(80);
  }
  CHECK(bench.store().waiting() == PressStore::kRoom);
  CHECK(shows(bench.picture(), 0, 32, "Taste nicht angenomm."));
  bench.to_daemon.cut = false;
  bench.run(6000);
  CHECK(bench.acted.size() == PressStore::kRoom);
}

TEST_CASE("a panel of another major version is refused and says why", "[panel]") {
  LineBench bench(15);
  bench.run(500);
  mailroom::drivers::PanelEvents events;
  int refused = 0, connected = 0;
  events.refused = [&](const Hello& hello) { refused += hello.major == 9 ? 1 : 0; };
  events.connected = [&](const Hello&) { ++connected; };
  mailroom::drivers::PanelLink link(events, [] { return 1U; });
  link.open(0);
  Hello other;
  other.major = 9;
  const WireFrame wire(std::uint8_t(Type::hello), 0, write(other).bytes());
  link.receive(wire.bytes(), 10);
  link.receive(wire.bytes(), 20);
  CHECK(refused == 1);
  CHECK(connected == 0);

  PressStore store;
  std::memset(static_cast<void*>(&store), 0, sizeof store);
  Panel panel({"bench", 0, true}, store);
  panel.start(0, 0);
  link.take_output();
  const WireFrame no(std::uint8_t(Type::refuse), 0, write(Refuse{9, 0}).bytes());
  for (const std::uint8_t byte : no.bytes()) panel.receive(byte, 5);
  Canvas canvas;
  panel.draw(canvas, 6);
  CHECK(shows(canvas, 0, 12, "Falsch", 2));
}

TEST_CASE("messages of a later minor version are tolerated by both ends", "[panel]") {
  LineBench bench(16);
  bench.run(500);
  const std::uint8_t payload[] = {1, 2, 3};
  const WireFrame unknown(77, 1, payload);
  std::mt19937 random(1);
  bench.to_panel.send(unknown.bytes(), bench.now(), random);
  bench.to_daemon.send(unknown.bytes(), bench.now(), random);
  bench.press(Key::right);
  bench.run(1000);
  CHECK(bench.acted.size() == 1);
  CHECK(bench.losses == 0);
}

TEST_CASE("long text scrolls, umlauts are right", "[panel]") {
  LineBench bench(17);
  PanelState state = busy_state();
  state.message.assign("Ärger: Öffnung über der Straße prüfen, dann weiter");
  bench.show(state);
  bench.run(500);
  const Canvas still = bench.picture();
  CHECK(shows(still, 0, 32, "Ärger: Öffnung über"));
  bench.run(2500);
  CHECK_FALSE(shows(bench.picture(), 0, 32, "Ärger: Öffnung über"));
  for (const char32_t c : {U'Ä', U'Ö', U'Ü', U'ä', U'ö', U'ü', U'ß', U'€', U'…'})
    CHECK(&glyph_of(c) != &glyph_of(0xFFFF));
}

TEST_CASE("counters, class and urgency are on the display", "[panel]") {
  LineBench bench(18);
  PanelState state = busy_state();
  state.sheets = 128;
  state.documents = 12;
  bench.show(state);
  bench.run(400);
  CHECK(shows(bench.picture(), 0, 54, "Blatt 128 Dok 12"));
  const int before = lit_pixels(bench.picture());
  state.urgent = true;
  state.choice.assign("Rechnung");
  bench.show(state);
  bench.run(400);
  CHECK(shows(bench.picture(), 14, 43, "Rechnung"));
  CHECK(lit_pixels(bench.picture()) > before + 100);
}

TEST_CASE("a damaged image says so", "[panel]") {
  PressStore store;
  std::memset(static_cast<void*>(&store), 0, sizeof store);
  Panel panel({"bench", 0, false}, store);
  panel.start(0, 0);
  Canvas canvas;
  panel.draw(canvas, 0);
  CHECK(shows(canvas, 0, 12, "Defekt", 2));
}
