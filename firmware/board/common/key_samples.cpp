#include "firmware/board/common/key_samples.h"

#include <array>

#include "firmware/board/board.h"

namespace mailroom::panel::board {
namespace {

constexpr std::uint8_t kRoom = 64;  // changes; what bounces for longer than that is no press

std::array<KeySample, kRoom> samples;
volatile std::uint8_t in = 0;
volatile std::uint8_t out = 0;
std::uint8_t last = 0;  // of the interrupt

}  // namespace

void begin_key_samples(std::uint8_t down) {
  last = down;
}

void sample_keys(std::uint32_t now) {
  const std::uint8_t down = keys_down();
  const auto next = std::uint8_t((in + 1) % kRoom);
  if (down == last || next == out) return;
  last = down;
  samples[in] = {now, down};
  in = next;
}

bool next_key_sample(KeySample& sample) {
  if (out == in) return false;
  sample = samples[out];
  out = std::uint8_t((out + 1) % kRoom);
  return true;
}

}  // namespace mailroom::panel::board
