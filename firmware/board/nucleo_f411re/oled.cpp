#include "firmware/board/nucleo_f411re/oled.h"

#include "firmware/board/common/registers.h"

namespace mailroom::panel::board::oled {
namespace {

constexpr std::uint32_t kSpi = 0x40013000, kCr1 = 0x0, kStatus = 0x8, kData = 0xC;
constexpr std::uint32_t kEmpty = 2, kBusy = 0x80;
constexpr int kPatience = 10'000;  // a bus that does not move must not stop the panel

// BSRR: the lower half sets a pin, the upper half clears it.
constexpr std::uint32_t kBsrrA = 0x40020018, kBsrrB = 0x40020418, kBsrrC = 0x40020818;
constexpr std::uint32_t kSelect = 1U << 6, kDataOrCommand = 1U << 7, kReset = 1U << 9;  // PB6, PC7, PA9

constexpr int kPageHeight = 8;

Canvas shown;

void write(std::uint8_t byte) {
  for (int i = 0; (reg(kSpi + kStatus) & kEmpty) == 0 && i < kPatience; ++i) {
  }
  reg(kSpi + kData) = byte;
}

void select_data(bool data) {
  for (int i = 0; (reg(kSpi + kStatus) & kBusy) != 0 && i < kPatience; ++i) {
  }
  reg(kBsrrC) = data ? kDataOrCommand : kDataOrCommand << 16;
}

template <std::size_t N>
void command(const std::uint8_t (&bytes)[N]) {
  select_data(false);
  for (const std::uint8_t byte : bytes) write(byte);
}

void send_page(const Canvas& canvas, int page) {
  command({std::uint8_t(0xB0 | page), 0x00, 0x10});
  select_data(true);
  for (int x = 0; x < kWidth; ++x) {
    std::uint8_t column = 0;
    for (int y = 0; y < kPageHeight; ++y) {
      if (canvas.at(x, page * kPageHeight + y)) column = std::uint8_t(column | (1U << y));
    }
    write(column);
  }
}

bool has_changed(const Canvas& canvas, int page) {
  for (int y = page * kPageHeight; y < (page + 1) * kPageHeight; ++y) {
    if (canvas.row(y) != shown.row(y)) return true;
  }
  return false;
}

}  // namespace

void start() {
  reg(kBsrrA) = kReset << 16;
  for (int i = 0; i < 1000; ++i) [[maybe_unused]] const std::uint32_t wait = reg(kSpi + kStatus);
  reg(kBsrrA) = kReset;
  reg(kBsrrB) = kSelect << 16;
  reg(kSpi + kCr1) = 0x034C;  // master, 16 MHz / 4, software select, on
  // SSD1306 data sheet, section 8: charge pump on, mirrored both ways as the usual modules are mounted.
  command({0xAE, 0xA8, 0x3F, 0xD3, 0x00, 0x40, 0xA1, 0xC8, 0xDA, 0x12, 0x81,
           0x7F, 0xA4, 0xA6, 0xD5, 0x80, 0x8D, 0x14, 0x20, 0x02, 0xAF});
  for (int page = 0; page < kHeight / kPageHeight; ++page) send_page(shown, page);
}

void show(const Canvas& canvas) {
  for (int page = 0; page < kHeight / kPageHeight; ++page) {
    if (has_changed(canvas, page)) send_page(canvas, page);
  }
  shown = canvas;
}

}  // namespace mailroom::panel::board::oled
