#include "ocr/paper/scan_effect.h"

#include <algorithm>
#include <cmath>

namespace mailroom::ocr {
namespace {

constexpr int kInk = 38;
constexpr int kPaper = 247;
constexpr int kSpecks = 6;
constexpr int kBlurRadius = 5;         // pixels at 300 dpi
constexpr double kShowThrough = 0.05;  // of the ink's darkness

/// Marsaglia's xorshift32: the standard library's distributions differ between implementations.
class Noise {
 public:
  explicit Noise(std::uint32_t seed) : state_(seed * 2654435761U | 1U) {}
  std::uint32_t next() {
    state_ ^= state_ << 13U;
    state_ ^= state_ >> 17U;
    state_ ^= state_ << 5U;
    return state_;
  }
  /// Roughly normal, standard deviation 1.7: the sum of four even ones.
  int grain() {
    const std::uint32_t bits = next();
    return static_cast<int>((bits & 3U) + (bits >> 8U & 3U) + (bits >> 16U & 1U) + (bits >> 24U & 1U)) - 4;
  }

 private:
  std::uint32_t state_;
};

std::uint8_t clamped(int value) {
  return static_cast<std::uint8_t>(std::clamp(value, 0, 255));
}

void add_specks(Pixels& page, Noise& noise) {
  for (int i = 0; i < kSpecks; ++i) {
    const auto x = static_cast<int>(noise.next() % static_cast<std::uint32_t>(page.width - 2));
    const auto y = static_cast<int>(noise.next() % static_cast<std::uint32_t>(page.height - 2));
    for (int row = 0; row < 2; ++row) {
      for (int column = 0; column < 2; ++column) {
        page.data[static_cast<std::size_t>(y + row) * static_cast<std::size_t>(page.width) +
                  static_cast<std::size_t>(x + column)] = 150;
      }
    }
  }
}

// Mean over a window of 2 * kBlurRadius + 1, along x then along y by way of the stride.
void blur_line(std::uint8_t* first, int count, std::ptrdiff_t step, std::vector<int>& sums) {
  sums.assign(static_cast<std::size_t>(count) + 1, 0);
  for (int i = 0; i < count; ++i) {
    sums[static_cast<std::size_t>(i) + 1] = sums[static_cast<std::size_t>(i)] + first[i * step];
  }
  for (int i = 0; i < count; ++i) {
    const int from = std::max(i - kBlurRadius, 0);
    const int to = std::min(i + kBlurRadius + 1, count);
    first[i * step] =
        clamped((sums[static_cast<std::size_t>(to)] - sums[static_cast<std::size_t>(from)]) / (to - from));
  }
}

void blur(Pixels& page) {
  std::vector<int> sums;
  for (int y = 0; y < page.height; ++y) {
    blur_line(page.data.data() + static_cast<std::ptrdiff_t>(y) * page.width, page.width, 1, sums);
  }
  for (int x = 0; x < page.width; ++x) blur_line(page.data.data() + x, page.height, page.width, sums);
}

}  // namespace

void scan_like(Pixels& page, std::uint32_t seed) {
  Noise noise(seed);
  for (auto& value : page.data) {
    value = clamped(kInk + value * (kPaper - kInk) / 255 + noise.grain());
  }
  add_specks(page, noise);
}

Pixels shining_through(const Pixels& front) {
  Pixels back = front;
  for (int y = 0; y < back.height; ++y) {
    const auto row = back.data.begin() + static_cast<std::ptrdiff_t>(y) * back.width;
    std::reverse(row, row + back.width);
  }
  blur(back);
  blur(back);
  for (auto& value : back.data)
    value = clamped(255 - static_cast<int>(std::lround((255 - value) * kShowThrough)));
  return back;
}

}  // namespace mailroom::ocr
