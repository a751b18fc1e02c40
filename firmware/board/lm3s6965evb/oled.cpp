#include "firmware/board/lm3s6965evb/oled.h"

#include <array>

#include "firmware/board/common/registers.h"

namespace mailroom::panel::board::oled {
namespace {

constexpr std::uint32_t kSsi = 0x40008000, kCr0 = 0x0, kCr1 = 0x4, kData = 0x8, kStatus = 0xC,
                        kPrescale = 0x10;
constexpr std::uint32_t kNotFull = 2, kReceived = 4, kBusy = 0x10;
constexpr std::uint32_t kPortC = 0x40006000;
constexpr std::uint32_t kDataOrCommand = 0x80;  // PC7: high for pixels

// Set column, row; SSD0323 data sheet, table 9-1.
constexpr std::uint8_t kColumns = 0x15, kRows = 0x75, kOff = 0xAE, kOn = 0xAF, kRemap = 0xA0,
                       kContrast = 0x81;
constexpr std::uint8_t kRemapping = 0x50;  // as the board's glass is wired

Canvas shown;

/// The display answers each byte with one that means nothing; unread ones would stop the bus.
void drop_received() {
  while ((reg(kSsi + kStatus) & kReceived) != 0)
    [[maybe_unused]] const std::uint32_t nothing = reg(kSsi + kData);
}

void write(std::uint8_t byte) {
  for (;;) {
    const std::uint32_t status = reg(kSsi + kStatus);
    if ((status & kReceived) != 0) [[maybe_unused]]
      const std::uint32_t nothing = reg(kSsi + kData);
    if ((status & kNotFull) != 0) break;
  }
  reg(kSsi + kData) = byte;
}

void select_data(bool data) {
  do drop_received();
  while ((reg(kSsi + kStatus) & kBusy) != 0);
  reg(kPortC + (kDataOrCommand << 2)) = data ? kDataOrCommand : 0;
}

template <std::size_t N>
void command(const std::uint8_t (&bytes)[N]) {
  select_data(false);
  for (const std::uint8_t byte : bytes) write(byte);
}

void send_row(const Canvas& canvas, int y) {
  command({kColumns, 0, kWidth / 2 - 1, kRows, std::uint8_t(y), kHeight - 1});
  select_data(true);
  for (int x = 0; x < kWidth; x += 2)
    write(std::uint8_t((canvas.at(x, y) ? 0xF0 : 0) | (canvas.at(x + 1, y) ? 0x0F : 0)));
}

}  // namespace

void start() {
  reg(kSsi + kCr1) = 0;
  reg(kSsi + kPrescale) = 10;  // 50 MHz / 10: 5 MHz
  reg(kSsi + kCr0) = 0xC7;     // 8 bits, Freescale, idle high, second edge
  reg(kSsi + kCr1) = 2;
  command({kOff, kRemap, kRemapping, kContrast, 0x40});
  for (int y = 0; y < kHeight; ++y) send_row(shown, y);
  command({kOn});
}

void show(const Canvas& canvas) {
  for (int y = 0; y < kHeight; ++y) {
    if (canvas.row(y) != shown.row(y)) send_row(canvas, y);
  }
  shown = canvas;
}

}  // namespace mailroom::panel::board::oled
