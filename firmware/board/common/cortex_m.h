#pragma once

#include <array>
#include <cstdint>

/// What all Cortex-M3 and M4 chips share (ARMv7-M Architecture Reference Manual, DDI 0403).
namespace mailroom::panel::board {

using Handler = void (*)();

inline constexpr std::size_t kInterrupts = 64;

/// The vector table (B1.5.3): initial stack, then exceptions 1 to 15, then interrupts.
struct Vectors {
  std::uint32_t* stack;
  std::array<Handler, 15 + kInterrupts> handlers;
};

extern "C" {
extern std::uint32_t stack_top[];
void reset_handler();  ///< start-up: memory, then main()
void reset_chip();     ///< a fault: begins anew; presses that were taken survive
void tick_handler();   ///< counts milliseconds, samples the keys
}

/// A table where one interrupt is used and every other one is a fault.
constexpr Vectors make_vectors(std::size_t interrupt, Handler handler) {
  Vectors vectors{stack_top, {}};
  for (auto& each : vectors.handlers) each = reset_chip;
  vectors.handlers[0] = reset_handler;
  vectors.handlers[14] = tick_handler;
  vectors.handlers[15 + interrupt] = handler;
  return vectors;
}

void start_tick(std::uint32_t clock_hz);  ///< SysTick, once a millisecond
std::uint32_t ticks();                    ///< how often it came
void enable_interrupt(std::size_t number);
std::uint16_t stack_free();  ///< bytes of the stack that were never used

}  // namespace mailroom::panel::board
