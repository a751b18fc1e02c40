#include "firmware/panel/canvas.h"

#include "firmware/panel/font.h"

namespace mailroom::panel {
namespace {

bool is_inside(int x, int y) {
  return x >= 0 && x < kWidth && y >= 0 && y < kHeight;
}

std::uint8_t mask_of(int x) {
  return std::uint8_t(0x80U >> (x % 8));
}

}  // namespace

void Canvas::set(int x, int y, bool lit) {
  if (!is_inside(x, y)) return;
  auto& byte = rows_[std::size_t(y)][std::size_t(x / 8)];
  byte = std::uint8_t(lit ? byte | mask_of(x) : byte & ~mask_of(x));
}

bool Canvas::at(int x, int y) const {
  return is_inside(x, y) && (rows_[std::size_t(y)][std::size_t(x / 8)] & mask_of(x)) != 0;
}

void Canvas::write(int x, int y, std::string_view text, int scale) {
  for (; !text.empty() && x < kWidth; x += kGlyphWidth * scale) {
    const Glyph& glyph = glyph_of(next_code_point(text));
    if (x <= -kGlyphWidth * scale) continue;
    for (int row = 0; row < kGlyphHeight * scale; ++row) {
      for (int column = 0; column < kGlyphWidth * scale; ++column) {
        const bool lit = (glyph[std::size_t(row / scale)] & (0x20U >> (column / scale))) != 0;
        if (lit) set(x + column, y + row, true);
      }
    }
  }
}

void Canvas::erase(int from_x, int from_y, int width, int height) {
  for (int y = from_y; y < from_y + height; ++y) {
    for (int x = from_x; x < from_x + width; ++x) set(x, y, false);
  }
}

void Canvas::invert(int from_x, int from_y, int width, int height) {
  for (int y = from_y; y < from_y + height; ++y) {
    for (int x = from_x; x < from_x + width; ++x) set(x, y, !at(x, y));
  }
}

}  // namespace mailroom::panel
