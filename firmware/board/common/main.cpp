#include "firmware/board/board.h"
#include "firmware/board/common/cortex_m.h"
#include "firmware/board/common/image.h"
#include "firmware/panel/panel.h"

using namespace mailroom::panel;

namespace {

constexpr std::uint32_t kDrawEvery = 40;

[[gnu::section(".noinit")]] PressStore store;  // a reset leaves it alone

Identity identity() {
  const std::uint32_t crc = board::image_crc();
  const std::uint32_t written = const_cast<const volatile board::ImageHeader&>(board::image_header).crc;
  return {board::kName, crc, crc == written};
}

}  // namespace

int main() {
  board::start();
  static Canvas canvas;
  static Panel panel(identity(), store);
  panel.start(board::now(), board::keys_down());
  std::uint32_t drawn_at = 0;
  std::uint8_t byte = 0;
  bool unsent = false;
  for (;;) {
    board::feed_watchdog();
    const std::uint32_t now = board::now();
    for (std::uint8_t received = 0; board::read_byte(received);) panel.receive(received, now);
    panel.tick(now, board::keys_down(), board::stack_free());
    while (unsent || panel.next_byte(byte)) {
      unsent = !board::write_byte(byte);
      if (unsent) break;
    }
    board::show_lamps(panel.lamps(now));
    if (now - drawn_at >= kDrawEvery) {
      drawn_at = now;
      panel.draw(canvas, now);
      board::show(canvas);
    }
    if (!unsent) board::sleep();
  }
}
