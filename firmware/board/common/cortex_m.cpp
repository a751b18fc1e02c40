#include "firmware/board/common/cortex_m.h"

#include "firmware/board/board.h"
#include "firmware/board/common/key_samples.h"
#include "firmware/board/common/registers.h"

int main();

extern "C" {
// Of the linker script.
extern std::uint32_t data_from[], data_begin[], data_end[], bss_begin[], bss_end[], stack_bottom[],
    paint_end[];
}

namespace mailroom::panel::board {
namespace {

constexpr std::uint32_t kPaint = 0xA5A5A5A5;
constexpr std::uint32_t kSysTick = 0xE000E010, kNvicEnable = 0xE000E100, kAircr = 0xE000ED0C;
constexpr std::uint32_t kResetRequest = 0x05FA0004;

volatile std::uint32_t milliseconds = 0;

}  // namespace

extern "C" void reset_handler() {
  for (std::uint32_t* word = stack_bottom; word < paint_end; ++word) *word = kPaint;
  const std::uint32_t* from = data_from;
  for (std::uint32_t* word = data_begin; word < data_end; ++word) *word = *from++;
  for (std::uint32_t* word = bss_begin; word < bss_end; ++word) *word = 0;
  main();
  reset_chip();
}

extern "C" void reset_chip() {
  reg(kAircr) = kResetRequest;
  for (;;) {
  }
}

extern "C" void tick_handler() {
  milliseconds = milliseconds + 1;
  sample_keys(now());
}

void start_tick(std::uint32_t clock_hz) {
  reg(kSysTick + 4) = clock_hz / 1000 - 1;
  reg(kSysTick + 8) = 0;
  reg(kSysTick) = 7;  // processor clock, interrupt, on
}

void enable_interrupt(std::size_t number) {
  reg(kNvicEnable + std::uint32_t(number / 32) * 4) = 1U << (number % 32);
}

std::uint16_t stack_free() {
  const std::uint32_t* word = stack_bottom;
  while (word < stack_top && *word == kPaint) ++word;
  return std::uint16_t((word - stack_bottom) * 4);
}

std::uint32_t ticks() {
  return milliseconds;
}

void sleep() {
  asm volatile("wfi");
}

}  // namespace mailroom::panel::board

// What the compiler takes for granted even in a freestanding program (GCC manual, "Standards").
extern "C" {
void* memcpy(void* to, const void* from, std::size_t size) {
  auto* out = static_cast<std::uint8_t*>(to);
  const auto* in = static_cast<const std::uint8_t*>(from);
  for (; size > 0; --size) *out++ = *in++;
  return to;
}

void* memmove(void* to, const void* from, std::size_t size) {
  auto* out = static_cast<std::uint8_t*>(to);
  const auto* in = static_cast<const std::uint8_t*>(from);
  if (out <= in) return memcpy(to, from, size);
  while (size > 0) {
    --size;
    out[size] = in[size];
  }
  return to;
}

void* memset(void* to, int value, std::size_t size) {
  auto* out = static_cast<std::uint8_t*>(to);
  for (; size > 0; --size) *out++ = std::uint8_t(value);
  return to;
}

std::size_t strlen(const char* text) {
  std::size_t size = 0;
  while (text[size] != 0) ++size;
  return size;
}

int memcmp(const void* a, const void* b, std::size_t size) {
  const auto* left = static_cast<const std::uint8_t*>(a);
  const auto* right = static_cast<const std::uint8_t*>(b);
  for (; size > 0; --size, ++left, ++right) {
    if (*left != *right) return *left < *right ? -1 : 1;
  }
  return 0;
}
}
