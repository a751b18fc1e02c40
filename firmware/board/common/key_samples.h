#pragma once

#include <cstdint>

namespace mailroom::panel::board {

/// The levels of the keys at a millisecond at which one of them changed.
struct KeySample {
  std::uint32_t at = 0;
  std::uint8_t down = 0;
};

void begin_key_samples(std::uint8_t down);  ///< before the tick begins

/// From the tick's interrupt to main(): drawing may take longer than a short press.
void sample_keys(std::uint32_t now);
bool next_key_sample(KeySample& sample);

}  // namespace mailroom::panel::board
