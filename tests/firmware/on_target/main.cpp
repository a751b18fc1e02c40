#include <cstring>

#include "firmware/board/board.h"
#include "firmware/board/common/cortex_m.h"
#include "firmware/board/common/image.h"
#include "firmware/panel/font.h"
#include "firmware/panel/panel.h"
#include "firmware/protocol/crc.h"
#include "tests/firmware/on_target/semihosting.h"

/// What may differ between this computer and the chip: the compiler, alignment, the start-up code, memory
/// that a reset leaves alone, the millisecond tick. Run by QEMU with semihosting; ends with the number of
/// failures.
using namespace mailroom::panel;
using mailroom::test::print;

namespace {

int failures = 0;
std::uint32_t initialised = 0x1234ABCD;  // .data
std::uint32_t cleared[5];                // .bss
[[gnu::section(".noinit")]] PressStore store;

void check(bool right, const char* sentence) {
  print(right ? "ok   " : "FAIL ");
  print(sentence);
  print("\n");
  if (!right) ++failures;
}

void start_up_code() {
  std::uint32_t sum = 0;
  for (const std::uint32_t word : cleared) sum |= word;
  check(initialised == 0x1234ABCD, "data has its values");
  check(sum == 0, "the rest of the memory is cleared");
  check(board::stack_free() > 200, "the stack has room");
}

void memory_functions() {
  std::uint8_t bytes[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  std::memmove(bytes + 2, bytes, 6);
  const std::uint8_t up[8] = {1, 2, 1, 2, 3, 4, 5, 6};
  check(std::memcmp(bytes, up, 8) == 0, "memmove to a higher place");
  std::memmove(bytes, bytes + 2, 6);
  check(bytes[0] == 1 && bytes[5] == 6, "memmove to a lower place");
  std::memset(bytes, 7, 3);
  check(bytes[2] == 7 && bytes[3] == 4, "memset ends where it should");
}

void frames() {
  const std::uint8_t digits[] = {'1', '2', '3', '4', '5', '6', '7', '8', '9'};
  volatile std::size_t all = 9;  // not at compile time
  check(crc16({digits, all}) == 0x29B1, "CRC-16");
  check(crc32({digits, all}) == 0xCBF43926, "CRC-32");
  PanelState state;
  state.context = 0x89ABCDEF;
  state.sheets = 65000;
  state.message.assign("Störung: Blatt 13");
  const WireFrame wire(std::uint8_t(Type::state), 3, write(state).bytes());
  FrameReader reader;
  bool found = false;
  for (const std::uint8_t byte : wire.bytes()) found = reader.push(byte) || found;
  check(found && read_state(reader.frame().payload) == state, "a state comes out as it went in");
}

void press_store() {
  store.wake();
  const bool empty = store.waiting() == 0;
  store.adopt(77);
  store.add(Key::right, Action::new_document, 5, 1000);
  store.keep_time(1500);
  store.wake();  // as after a reset
  check(empty && store.waiting() == 1, "a press survives a reset");
  check(store.oldest(0).age == 500, "with its age");
  store.forget(77, 1);
  check(store.waiting() == 0, "until it is acknowledged");
}

void display() {
  static Canvas canvas;
  canvas.write(0, 0, "Ä");
  const Glyph& glyph = glyph_of(U'Ä');
  bool same = true;
  for (int y = 0; y < kGlyphHeight; ++y) {
    for (int x = 0; x < kGlyphWidth; ++x)
      same = same && canvas.at(x, y) == ((glyph[std::size_t(y)] & (0x20U >> x)) != 0);
  }
  check(same, "an umlaut is drawn");
  board::show(canvas);
}

void clock_and_watchdog() {
  const std::uint32_t before = board::now();
  while (board::now() - before < 20) {
    board::feed_watchdog();
    board::sleep();
  }
  check(board::now() - before >= 20, "milliseconds pass");
}

}  // namespace

int main() {
  board::start();
  start_up_code();
  memory_functions();
  frames();
  press_store();
  display();
  clock_and_watchdog();
  print(failures == 0 ? "all right\n" : "not all right\n");
  mailroom::test::leave(failures);
}
