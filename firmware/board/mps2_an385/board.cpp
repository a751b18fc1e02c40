#include "firmware/board/board.h"

#include "firmware/board/common/byte_queue.h"
#include "firmware/board/common/cortex_m.h"
#include "firmware/board/common/registers.h"

/// ARM MPS2 with the Cortex-M3 image AN385 (DAI 0385) and CMSDK peripherals (DDI 0479). It has two buttons
/// and no display that we drive: lamps and line only.
namespace mailroom::panel::board {
namespace {

constexpr std::uint32_t kClock = 25'000'000;
constexpr std::uint32_t kUart = 0x40004000, kData = 0x0, kState = 0x4, kControl = 0x8, kClear = 0xC,
                        kDivisor = 0x10;
constexpr std::uint32_t kTransmitFull = 1, kReceiveFull = 2;
constexpr std::size_t kUartInterrupt = 0;
constexpr std::uint32_t kWatchdog = 0x40008000, kLoad = 0x0, kWatchdogControl = 0x8, kWatchdogClear = 0xC;
constexpr std::uint32_t kButtons = 0x40028008, kLeds = 0x4002F004;

ByteQueue received;

void uart_handler() {
  // Cleared first: a byte that comes after the last look would be cleared away unseen, and with it all
  // others.
  reg(kUart + kClear) = 2;
  while ((reg(kUart + kState) & kReceiveFull) != 0) received.push(std::uint8_t(reg(kUart + kData)));
}

}  // namespace

[[gnu::section(".vectors"), gnu::used]] extern const Vectors vectors =
    make_vectors(kUartInterrupt, uart_handler);

const std::string_view kName = "mps2-an385";

void start() {
  reg(kUart + kDivisor) = kClock / 115'200;
  reg(kUart + kControl) = 0x0B;  // both directions, interrupt when received
  enable_interrupt(kUartInterrupt);
  start_tick(kClock);
  reg(kWatchdog + kLoad) = kClock / 2;
  reg(kWatchdog + kWatchdogControl) = 3;
}

std::uint32_t now() {
  return ticks();
}

std::uint8_t keys_down() {
  const std::uint32_t buttons = reg(kButtons);
  return std::uint8_t(((buttons & 1) != 0 ? 0x10U : 0U) | ((buttons & 2) != 0 ? 0x08U : 0U));
}

void show_lamps(std::uint8_t lit) {
  reg(kLeds) = lit;
}

bool read_byte(std::uint8_t& byte) {
  return received.pop(byte);
}

bool write_byte(std::uint8_t byte) {
  if ((reg(kUart + kState) & kTransmitFull) != 0) return false;
  reg(kUart + kData) = byte;
  return true;
}

void show(const Canvas&) {}

void feed_watchdog() {
  reg(kWatchdog + kWatchdogClear) = 1;
}

}  // namespace mailroom::panel::board
