#include "firmware/board/board.h"
#include "firmware/board/common/cortex_m.h"
#include "firmware/board/common/image.h"
#include "firmware/board/common/key_samples.h"
#include "firmware/panel/panel.h"

using namespace mailroom::panel;

namespace {

constexpr std::uint32_t kDrawEvery = 100;

[[gnu::section(".noinit")]] PressStore store;  // a reset leaves it alone

Identity identity() {
  const std::uint32_t crc = board::image_crc();
  const std::uint32_t written = const_cast<const volatile board::ImageHeader&>(board::image_header).crc;
  return {board::kName, crc, crc == written};
}

/// In the order and at the times of the interrupt, so that a press counts that came and went meanwhile.
void read_keys(Panel& panel, std::uint8_t& down) {
  for (board::KeySample sample; board::next_key_sample(sample);) {
    panel.keys_at(sample.at, down);  // how it was until then
    down = sample.down;
    panel.keys_at(sample.at, down);
  }
  panel.tick(board::now(), down, board::stack_free());
}

}  // namespace

int main() {
  board::start();
  static Canvas canvas;
  static Panel panel(identity(), store);
  std::uint8_t down = board::keys_down();
  board::begin_key_samples(down);
  panel.start(board::now(), down);
  std::uint32_t drawn_at = 0;
  std::uint8_t byte = 0;
  bool unsent = false;
  for (;;) {
    board::feed_watchdog();
    const std::uint32_t now = board::now();
    for (std::uint8_t received = 0; board::read_byte(received);) panel.receive(received, now);
    read_keys(panel, down);
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
