#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mailroom::panel {

inline constexpr int kGlyphWidth = 6;
inline constexpr int kGlyphHeight = 10;

/// Rows from the top; bit 5 is the leftmost pixel.
using Glyph = std::array<std::uint8_t, kGlyphHeight>;

/// The picture of a character; a box for one that the font does not have.
const Glyph& glyph_of(char32_t code_point);

/// Takes the first character off `text`, which must not be empty. What is no UTF-8 of up to three bytes
/// gives U+FFFD and takes one byte.
char32_t next_code_point(std::string_view& text);

std::size_t length_of(std::string_view text);  ///< in characters

}  // namespace mailroom::panel
