#pragma once

#include "daemon/base/bytes.h"

namespace mailroom::ocr {

/// Every character of the text layer is this wide, in thousandths of the font size.
inline constexpr int kGlyphWidth = 500;

/// A TrueType font of two empty glyphs: .notdef and one that stands for every character. Viewers
/// need a font for the words they find and mark; nobody sees it.
Bytes glyphless_font();

}  // namespace mailroom::ocr
