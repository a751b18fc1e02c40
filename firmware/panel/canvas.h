#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace mailroom::panel {

inline constexpr int kWidth = 128;
inline constexpr int kHeight = 64;

/// The display's pixels, origin top left. What lies outside is cut off.
class Canvas {
 public:
  using Row = std::array<std::uint8_t, kWidth / 8>;  ///< bit 7 of the first byte is the leftmost pixel

  void clear() { rows_ = {}; }
  void set(int x, int y, bool lit);
  [[nodiscard]] bool at(int x, int y) const;
  [[nodiscard]] const Row& row(int y) const { return rows_[std::size_t(y)]; }

  /// UTF-8 with its upper left corner at x, y; `scale` 1 or 2.
  void write(int x, int y, std::string_view text, int scale = 1);
  void erase(int from_x, int from_y, int width, int height);
  void invert(int from_x, int from_y, int width, int height);

 private:
  std::array<Row, kHeight> rows_{};
};

}  // namespace mailroom::panel
