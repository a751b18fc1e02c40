#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mailroom::panel {

/// UTF-8 text of at most N bytes, without a heap. What does not fit is cut before a character, never
/// within one.
template <std::size_t N>
class Text {
 public:
  Text() = default;
  explicit Text(std::string_view text) { assign(text); }

  void assign(std::string_view text) {
    std::size_t size = text.size() < N ? text.size() : N;
    if (size < text.size()) {
      while (size > 0 && (std::uint8_t(text[size]) & 0xC0U) == 0x80U) --size;
    }
    for (std::size_t i = 0; i < size; ++i) bytes_[i] = text[i];
    size_ = std::uint8_t(size);
  }
  [[nodiscard]] std::string_view view() const { return {bytes_.data(), size_}; }
  bool operator==(const Text& other) const { return view() == other.view(); }

 private:
  static_assert(N <= 255);
  std::array<char, N> bytes_{};
  std::uint8_t size_ = 0;
};

}  // namespace mailroom::panel
