#include "firmware/board/board.h"

#include "firmware/board/common/byte_queue.h"
#include "firmware/board/common/cortex_m.h"
#include "firmware/board/common/registers.h"
#include "firmware/board/lm3s6965evb/oled.h"

/// Texas Instruments LM3S6965 evaluation board; register names as in the data sheet, SPMS044.
namespace mailroom::panel::board {
namespace {

constexpr std::uint32_t kClock = 50'000'000;

// System control (chapter 5).
constexpr std::uint32_t kRis = 0x400FE050, kRcc = 0x400FE060, kRcgc1 = 0x400FE104, kRcgc2 = 0x400FE108;
constexpr std::uint32_t kPllLocked = 1U << 6;
constexpr std::uint32_t kXtal8MHz = 0xEU << 6, kPowerDown = 1U << 13, kBypass = 1U << 11;
constexpr std::uint32_t kDivideByFour = (3U << 23) | (1U << 22);

// Ports (chapter 8): the address of the data register masks the pins.
constexpr std::uint32_t kPortA = 0x40004000, kPortB = 0x40005000, kPortC = 0x40006000, kPortD = 0x40007000;
constexpr std::uint32_t kPortE = 0x40024000, kPortF = 0x40025000;
constexpr std::uint32_t kDirection = 0x400, kAlternate = 0x420, kPullUp = 0x510, kDigital = 0x51C;
constexpr std::uint32_t kFourKeys = 0x0F, kSelectKey = 0x02, kLampPins = 0x1F, kCardSelect = 0x01;

// UART 0 (chapter 12): a PL011.
constexpr std::uint32_t kUart = 0x4000C000, kData = 0x0, kFlags = 0x18, kIntegerDivisor = 0x24;
constexpr std::uint32_t kFractionDivisor = 0x28, kLineControl = 0x2C, kControl = 0x30, kInterrupts_ = 0x38;
constexpr std::uint32_t kClearInterrupts = 0x44, kReceiveEmpty = 0x10, kTransmitFull = 0x20;
constexpr std::size_t kUartInterrupt = 5;

// Watchdog (chapter 11): the second time-out in a row resets.
constexpr std::uint32_t kWatchdog = 0x40000000, kLoad = 0x0, kValue = 0x4, kWatchdogControl = 0x8;
constexpr std::uint32_t kWatchdogClear = 0xC, kTimedOut = 0x10, kResetEnable = 3;
constexpr std::uint32_t kWatchdogLoad = kClock;  // one second
constexpr std::uint32_t kCyclesPerMs = kClock / 1000;

// The clock is what the watchdog has counted: under QEMU on a busy computer, ticks get lost.
volatile std::uint32_t fed_at_ms = 0;
volatile std::uint32_t fed_at_cycles = 0;  // beyond the millisecond

ByteQueue received;

void uart_handler() {
  // Cleared first: a byte that comes after the last look would be cleared away unseen, and with it all
  // others.
  reg(kUart + kClearInterrupts) = 0x50;
  while ((reg(kUart + kFlags) & kReceiveEmpty) == 0) received.push(std::uint8_t(reg(kUart + kData)));
}

void start_clock() {
  const std::uint32_t bypassed = (reg(kRcc) | kBypass) & ~(1U << 22);
  reg(kRcc) = bypassed;
  std::uint32_t wanted = bypassed & ~((0xFU << 6) | (3U << 4) | kPowerDown | (1U << 12) | 1U);
  wanted |= kXtal8MHz;
  reg(kRcc) = wanted;
  wanted = (wanted & ~(0xFU << 23)) | kDivideByFour;
  reg(kRcc) = wanted;
  for (int tries = 0; (reg(kRis) & kPllLocked) == 0 && tries < 100'000; ++tries) {
  }
  reg(kRcc) = wanted & ~kBypass;
}

void start_pins() {
  reg(kRcgc1) = (1U << 0) | (1U << 4);  // UART 0, SSI 0
  reg(kRcgc2) = 0x3F;                   // ports A to F
  [[maybe_unused]] const std::uint32_t settle = reg(kRcgc2);
  set_bits(kPortA + kAlternate, 0x3F);  // UART 0 and SSI 0
  set_bits(kPortA + kDigital, 0x3F);
  set_bits(kPortB + kDirection, kLampPins);
  set_bits(kPortB + kDigital, kLampPins);
  set_bits(kPortC + kDirection, 0x80);  // of the OLED
  set_bits(kPortC + kDigital, 0x80);
  set_bits(kPortD + kDirection, kCardSelect);
  set_bits(kPortD + kDigital, kCardSelect);
  reg(kPortD + (kCardSelect << 2)) = kCardSelect;  // high: the card on the same bus stays away
  set_bits(kPortE + kPullUp, kFourKeys);
  set_bits(kPortE + kDigital, kFourKeys);
  set_bits(kPortF + kPullUp, kSelectKey);
  set_bits(kPortF + kDigital, kSelectKey);
}

void start_uart() {
  reg(kUart + kControl) = 0;
  reg(kUart + kIntegerDivisor) = 27;  // 50 MHz / 16 / 115200 = 27 + 8/64
  reg(kUart + kFractionDivisor) = 8;
  reg(kUart + kLineControl) = 0x70;  // 8N1, FIFOs
  reg(kUart + kInterrupts_) = 0x50;  // received, or silent with bytes left
  reg(kUart + kControl) = 0x301;
  enable_interrupt(kUartInterrupt);
}

}  // namespace

[[gnu::section(".vectors"), gnu::used]] extern const Vectors vectors =
    make_vectors(kUartInterrupt, uart_handler);

const std::string_view kName = "lm3s6965evb";

void start() {
  start_clock();
  start_pins();
  start_uart();
  reg(kWatchdog + kLoad) = kWatchdogLoad;
  reg(kWatchdog + kWatchdogControl) = kResetEnable;
  start_tick(kClock);
  oled::start();
}

std::uint32_t now() {
  return fed_at_ms + (fed_at_cycles + (kWatchdogLoad - reg(kWatchdog + kValue))) / kCyclesPerMs;
}

std::uint8_t keys_down() {
  const std::uint32_t four = ~reg(kPortE + (kFourKeys << 2)) & kFourKeys;
  const bool select = (reg(kPortF + (kSelectKey << 2)) & kSelectKey) == 0;
  return std::uint8_t(four | (select ? 0x10U : 0U));
}

void show_lamps(std::uint8_t lit) {
  reg(kPortB + (kLampPins << 2)) = lit;
}

bool read_byte(std::uint8_t& byte) {
  return received.pop(byte);
}

bool write_byte(std::uint8_t byte) {
  if ((reg(kUart + kFlags) & kTransmitFull) != 0) return false;
  reg(kUart + kData) = byte;
  return true;
}

void show(const Canvas& canvas) {
  oled::show(canvas);
}

void feed_watchdog() {
  asm volatile("cpsid i" ::: "memory");  // the tick reads the time
  std::uint32_t cycles = fed_at_cycles + (kWatchdogLoad - reg(kWatchdog + kValue));
  if ((reg(kWatchdog + kTimedOut) & 1) != 0) cycles += kWatchdogLoad;
  reg(kWatchdog + kWatchdogClear) = 1;
  fed_at_ms = fed_at_ms + cycles / kCyclesPerMs;
  fed_at_cycles = cycles % kCyclesPerMs;
  asm volatile("cpsie i" ::: "memory");
}

}  // namespace mailroom::panel::board
