#include "drivers/scanner/sane/damage.h"

#include <algorithm>

namespace mailroom::drivers {
namespace {

constexpr double kShortest = 8;  // mm of even rows
constexpr int kDarkest = 6;
constexpr int kLightest = 249;

/// True when all pixels of the row are `first`, a pixel of as many bytes as the side has channels.
bool is_even(const ScannedSide& side, int row, const std::uint8_t* first) {
  const std::uint8_t* bytes = side.pixels.data() + std::size_t(row) * std::size_t(side.stride);
  const int count = side.width * side.channels;
  if (!std::equal(bytes, bytes + side.channels, first)) return false;
  return std::equal(bytes + side.channels, bytes + count, bytes);
}

}  // namespace

bool ends_in_filling(const ScannedSide& side) {
  if (side.bits != 8 || side.dpi < 1 || side.height < 1) return false;
  const std::uint8_t* last = side.pixels.data() + std::size_t(side.height - 1) * std::size_t(side.stride);
  const auto saturated = [](std::uint8_t value) { return value < kDarkest || value > kLightest; };
  if (std::all_of(last, last + side.channels, saturated)) return false;
  int even = 0;
  while (even < side.height && is_even(side, side.height - 1 - even, last)) even++;
  return even < side.height && even * 25.4 / side.dpi > kShortest;
}

}  // namespace mailroom::drivers
