#include "firmware/board/board.h"

#include "firmware/board/common/byte_queue.h"
#include "firmware/board/common/cortex_m.h"
#include "firmware/board/common/registers.h"
#include "firmware/board/nucleo_f411re/oled.h"

/// STMicroelectronics NUCLEO-F411RE (UM1724); register names as in the reference manual, RM0383. The line
/// is USART2, which its debugger shows to the computer as a USB serial port. Runs on the 16 MHz oscillator.
namespace mailroom::panel::board {
namespace {

constexpr std::uint32_t kClock = 16'000'000;
constexpr std::uint32_t kAhb1Enable = 0x40023830, kApb1Enable = 0x40023840, kApb2Enable = 0x40023844;
constexpr std::uint32_t kPortA = 0x40020000, kPortB = 0x40020400, kPortC = 0x40020800;
constexpr std::uint32_t kMode = 0x0, kPull = 0xC, kInput = 0x10, kSet = 0x18, kAlternateLow = 0x20;
constexpr std::uint32_t kUsart = 0x40004400, kStatus = 0x0, kData = 0x4, kBaud = 0x8, kCr1 = 0xC;
constexpr std::uint32_t kReceived = 0x20, kOverrun = 0x08, kTransmitEmpty = 0x80;
constexpr std::size_t kUsartInterrupt = 38;
constexpr std::uint32_t kWatchdog = 0x40003000;

struct Pin {
  std::uint32_t port;
  std::uint32_t number;
};
// Arduino headers A0 to A4 and D2 to D6.
constexpr Pin kKeyPins[] = {{kPortA, 0}, {kPortA, 1}, {kPortA, 4}, {kPortB, 0}, {kPortC, 1}};
constexpr Pin kLampPins[] = {{kPortA, 10}, {kPortB, 3}, {kPortB, 5}, {kPortB, 4}, {kPortB, 10}};

enum class Use : std::uint32_t { input = 0, output = 1, alternate = 2 };

ByteQueue received;

void usart_handler() {
  while ((reg(kUsart + kStatus) & (kReceived | kOverrun)) != 0)
    received.push(std::uint8_t(reg(kUsart + kData)));  // reading status, then data clears an overrun
}

void use(Pin pin, Use what) {
  const std::uint32_t shift = pin.number * 2;
  reg(pin.port + kMode) = (reg(pin.port + kMode) & ~(3U << shift)) | (std::uint32_t(what) << shift);
}

void pull_up(Pin pin) {
  const std::uint32_t shift = pin.number * 2;
  reg(pin.port + kPull) = (reg(pin.port + kPull) & ~(3U << shift)) | (1U << shift);
}

/// Pins 0 to 7 only.
void use_alternate(Pin pin, std::uint32_t function) {
  const std::uint32_t shift = pin.number * 4;
  reg(pin.port + kAlternateLow) = (reg(pin.port + kAlternateLow) & ~(15U << shift)) | (function << shift);
  use(pin, Use::alternate);
}

void start_pins() {
  set_bits(kAhb1Enable, 7);         // ports A to C
  set_bits(kApb1Enable, 1U << 17);  // USART2
  set_bits(kApb2Enable, 1U << 12);  // SPI1
  [[maybe_unused]] const std::uint32_t settle = reg(kApb2Enable);
  for (const Pin pin : kKeyPins) {
    use(pin, Use::input);
    pull_up(pin);
  }
  for (const Pin pin : kLampPins) use(pin, Use::output);
  use_alternate({kPortA, 2}, 7);
  use_alternate({kPortA, 3}, 7);
  use_alternate({kPortA, 5}, 5);
  use_alternate({kPortA, 7}, 5);
  for (const Pin pin : {Pin{kPortA, 9}, Pin{kPortB, 6}, Pin{kPortC, 7}}) use(pin, Use::output);
}

}  // namespace

[[gnu::section(".vectors"), gnu::used]] extern const Vectors vectors =
    make_vectors(kUsartInterrupt, usart_handler);

const std::string_view kName = "nucleo-f411re";

void start() {
  start_pins();
  reg(kUsart + kBaud) = (kClock + 115'200 / 2) / 115'200;
  reg(kUsart + kCr1) = 0x202C;  // on, both directions, interrupt when received
  enable_interrupt(kUsartInterrupt);
  start_tick(kClock);
  oled::start();
  reg(kWatchdog) = 0x5555;  // about 1 s on the 32 kHz oscillator
  reg(kWatchdog + 4) = 4;
  reg(kWatchdog + 8) = 500;
  reg(kWatchdog) = 0xCCCC;
}

std::uint32_t now() {
  return ticks();
}

std::uint8_t keys_down() {
  std::uint8_t down = 0;
  for (std::size_t key = 0; key < 5; ++key) {
    const Pin pin = kKeyPins[key];
    if ((reg(pin.port + kInput) & (1U << pin.number)) == 0) down = std::uint8_t(down | (1U << key));
  }
  return down;
}

void show_lamps(std::uint8_t lit) {
  for (std::size_t lamp = 0; lamp < 5; ++lamp) {
    const std::uint32_t bit = 1U << kLampPins[lamp].number;
    reg(kLampPins[lamp].port + kSet) = (lit & (1U << lamp)) != 0 ? bit : bit << 16;
  }
}

bool read_byte(std::uint8_t& byte) {
  return received.pop(byte);
}

bool write_byte(std::uint8_t byte) {
  if ((reg(kUsart + kStatus) & kTransmitEmpty) == 0) return false;
  reg(kUsart + kData) = byte;
  return true;
}

void show(const Canvas& canvas) {
  oled::show(canvas);
}

void feed_watchdog() {
  reg(kWatchdog) = 0xAAAA;
}

}  // namespace mailroom::panel::board
