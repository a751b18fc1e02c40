#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "firmware/protocol/crc.h"
#include "firmware/protocol/frame.h"
#include "firmware/protocol/messages.h"

using namespace mailroom::panel;

namespace {

std::vector<std::uint8_t> wire_of(std::uint8_t type, std::uint8_t number,
                                  const std::vector<std::uint8_t>& payload) {
  const WireFrame wire(type, number, payload);
  return {wire.bytes().begin(), wire.bytes().end()};
}

struct Read {
  std::uint8_t type;
  std::uint8_t number;
  std::vector<std::uint8_t> payload;
};

std::vector<Read> read_all(FrameReader& reader, const std::vector<std::uint8_t>& bytes) {
  std::vector<Read> frames;
  for (const std::uint8_t byte : bytes) {
    if (!reader.push(byte)) continue;
    const Frame& frame = reader.frame();
    frames.push_back({frame.type, frame.number, {frame.payload.begin(), frame.payload.end()}});
  }
  return frames;
}

std::vector<std::uint8_t> random_payload(std::mt19937& random) {
  std::vector<std::uint8_t> payload(random() % (kPayloadLimit + 1));
  for (auto& byte : payload) byte = std::uint8_t(random() % 3 == 0 ? 0 : random());
  return payload;
}

}  // namespace

TEST_CASE("a frame of any payload comes out as it went in", "[protocol]") {
  std::mt19937 random(1);
  FrameReader reader;
  for (int i = 0; i < 20'000; ++i) {
    const auto payload = random_payload(random);
    const auto type = std::uint8_t(random()), number = std::uint8_t(random());
    const auto frames = read_all(reader, wire_of(type, number, payload));
    REQUIRE(frames.size() == 1);
    REQUIRE(frames[0].type == type);
    REQUIRE(frames[0].number == number);
    REQUIRE(frames[0].payload == payload);
  }
  CHECK(reader.damaged() == 0);
}

TEST_CASE("only the ends of a frame are zero on the wire", "[protocol]") {
  const auto bytes = wire_of(4, 0, std::vector<std::uint8_t>(kPayloadLimit, 0));
  CHECK(bytes.front() == 0);
  CHECK(bytes.back() == 0);
  CHECK(std::count(bytes.begin(), bytes.end(), 0) == 2);
  CHECK(bytes.size() <= kWireLimit);
}

TEST_CASE("the worked example of the format page is what is sent", "[protocol]") {
  const auto payload = write(Taken{Type::state, 9, 0});
  const std::vector<std::uint8_t> bytes = {0x00, 0x02, 0x06, 0x03, 0x04, 0x09, 0x01, 0x01,
                                           0x01, 0x01, 0x01, 0x01, 0x03, 0x1D, 0xE0, 0x00};
  CHECK(wire_of(6, 0, {payload.bytes().begin(), payload.bytes().end()}) == bytes);
}

TEST_CASE("a payload over the limit makes no frame", "[protocol]") {
  CHECK(wire_of(1, 1, std::vector<std::uint8_t>(kPayloadLimit + 1, 1)).empty());
}

TEST_CASE("a frame behind noise, or behind one that was cut, is found", "[protocol]") {
  FrameReader reader;
  const auto whole = wire_of(5, 3, {1, 2, 3});
  std::vector<std::uint8_t> bytes = {9, 200, 17};
  bytes.insert(bytes.end(), whole.begin(), whole.begin() + 5);
  bytes.insert(bytes.end(), whole.begin(), whole.end());
  CHECK(read_all(reader, bytes).size() == 1);
  CHECK(reader.damaged() == 2);
}

TEST_CASE("what is longer than any frame is dropped without end", "[protocol]") {
  FrameReader reader;
  CHECK(read_all(reader, std::vector<std::uint8_t>(100'000, 0xFF)).empty());
  CHECK(read_all(reader, wire_of(5, 3, {1})).size() == 1);
  CHECK(reader.damaged() == 1);
}

TEST_CASE("of a million damaged frames no more are accepted than the CRC lets through", "[protocol]") {
  std::mt19937 random(20261126);
  FrameReader reader;
  int accepted = 0;
  for (int i = 0; i < 1'000'000; ++i) {
    std::vector<std::uint8_t> payload(random() % 40);
    for (auto& byte : payload) byte = std::uint8_t(random());
    auto bytes = wire_of(std::uint8_t(1 + i % 8), std::uint8_t(i), payload);
    const auto sound = bytes;
    switch (random() % 4) {
      case 0:
        for (unsigned n = 0; n < 1 + random() % 4; ++n)
          bytes[random() % bytes.size()] ^= std::uint8_t(1U << random() % 8);
        break;
      case 1:
        for (unsigned n = 0; n < 1 + random() % 8; ++n)
          bytes[random() % bytes.size()] = std::uint8_t(random());
        break;
      case 2: bytes.erase(bytes.begin() + long(random() % bytes.size())); break;
      default: bytes.insert(bytes.begin() + long(random() % bytes.size()), std::uint8_t(random())); break;
    }
    bytes.push_back(0);
    for (const auto& frame : read_all(reader, bytes)) {
      // A change that leaves the frame itself as it was (a zero more, a byte before it) is none.
      const bool the_same = frame.type == std::uint8_t(1 + i % 8) && frame.number == std::uint8_t(i) &&
                            frame.payload == payload;
      if (!the_same) ++accepted;
    }
  }
  // One of 65,536 is 15.3 on average; 40 would happen by chance once in ten million runs.
  CHECK(accepted <= 40);
}

TEST_CASE("every message is read as it was written", "[protocol]") {
  PanelState state;
  state.context = 0xDEADBEEF;
  state.lamps = {Light::on, Light::off, Light::slow, Light::fast, Light::off};
  state.keys[4] = {Action::pause, Action::stop};
  state.sheets = 65535;
  state.documents = 12;
  state.clarifications = 3;
  state.urgent = state.alarm = true;
  state.station.assign("Arbeitsplatz Süd");
  state.headline.assign("Störung");
  state.choice.assign("Rechnung");
  state.message.assign("Papierstau. Blatt 13 noch einmal einlegen.");
  CHECK(read_state(write(state).bytes()) == state);

  const Press press{5, 70'000, Key::select, Action::start, 9, 1234};
  CHECK(read_press(write(press).bytes()) == press);

  Hello hello;
  hello.boot = 3;
  hello.memory = 0x01020304;
  hello.version = kFirmwareVersion;
  hello.image_sound = false;
  hello.board.assign("lm3s6965evb");
  const auto read = read_hello(write(hello).bytes());
  REQUIRE(read);
  CHECK(read->memory == hello.memory);
  CHECK_FALSE(read->image_sound);
  CHECK(read->board.view() == "lm3s6965evb");
  CHECK((read->version == kFirmwareVersion));
}

TEST_CASE("a state with every text at its longest fits a frame", "[protocol]") {
  PanelState state;
  state.station.assign(std::string(32, 'x'));
  state.headline.assign(std::string(12, 'x'));
  state.choice.assign(std::string(32, 'x'));
  state.message.assign(std::string(128, 'x'));
  CHECK(read_state(write(state).bytes()) == state);
}

TEST_CASE("a message cut anywhere is refused", "[protocol]") {
  PanelState state;
  state.message.assign("abc");
  const auto payload = write(state);
  for (std::size_t size = 0; size < payload.bytes().size(); ++size)
    CHECK_FALSE(read_state(payload.bytes().first(size)));
  const auto press = write(Press{});
  for (std::size_t size = 0; size < press.bytes().size(); ++size)
    CHECK_FALSE(read_press(press.bytes().first(size)));
}

TEST_CASE("what a later minor version adds behind a message is passed over", "[protocol]") {
  const auto payload = write(Press{1, 2, Key::left, Action::urgent, 3, 4});
  std::vector<std::uint8_t> longer(payload.bytes().begin(), payload.bytes().end());
  longer.push_back(42);
  CHECK(read_press(longer)->action == Action::urgent);
}

TEST_CASE("an action that this version does not know is not offered", "[protocol]") {
  PanelState state;
  const auto payload = write(state);
  std::vector<std::uint8_t> later(payload.bytes().begin(), payload.bytes().end());
  later[4 + kLamps] = 200;
  REQUIRE(read_state(later));
  CHECK(read_state(later)->keys[0].pressed == Action::none);
}

TEST_CASE("text is cut before a character, never within one", "[protocol]") {
  Text<6> text;
  text.assign("Störung");
  CHECK(text.view() == "Störu");
  Text<3> narrow;
  narrow.assign("aäö");
  CHECK(narrow.view() == "aä");
}
