#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "drivers/panel/panel_link.h"
#include "firmware/panel/panel.h"

/// Whatever bytes come over a panel's line, both ends read them without harm. With FUZZ_DRIVER the program
/// has libFuzzer in it; else it reads each file that it is given once.
namespace {

using namespace mailroom;

void feed_panel(std::span<const std::uint8_t> bytes) {
  panel::PressStore store;
  std::memset(static_cast<void*>(&store), 0, sizeof store);
  panel::Panel panel({"fuzz", 0, true}, store);
  panel.start(0, 0);
  panel::Canvas canvas;
  std::uint32_t now = 0;
  for (const std::uint8_t byte : bytes) {
    panel.receive(byte, now);
    if (++now % 16 == 0) panel.tick(now, byte & 0x1F);
  }
  panel.draw(canvas, now);
  for (std::uint8_t out = 0; panel.next_byte(out);) now += out;
}

void feed_daemon(std::span<const std::uint8_t> bytes) {
  drivers::PanelLink* link_in_use = nullptr;
  drivers::PanelEvents events;
  events.pressed = [&](const panel::Press& press) {
    if (press.number % 2 == 0) link_in_use->recorded(press.memory, press.number);
  };
  drivers::PanelLink link(events, [] { return 7U; });
  link_in_use = &link;
  link.open(0);
  link.show({});
  link.receive(bytes, 5);
  link.tick(600);
  link.take_output();
}

/// Frames that are sound but for what they say: the CRC alone would keep a fuzzer out.
std::vector<std::uint8_t> as_frames(std::span<const std::uint8_t> bytes) {
  std::vector<std::uint8_t> out;
  while (bytes.size() >= 3) {
    const std::size_t size = std::min<std::size_t>(bytes[2], bytes.size() - 3);
    const panel::WireFrame wire(bytes[0], bytes[1], bytes.subspan(3, std::min(size, panel::kPayloadLimit)));
    out.insert(out.end(), wire.bytes().begin(), wire.bytes().end());
    bytes = bytes.subspan(3 + size);
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span bytes(data, size);
  feed_panel(bytes);
  feed_daemon(bytes);
  const auto frames = as_frames(bytes);
  feed_panel(frames);
  feed_daemon(frames);
  return 0;
}
