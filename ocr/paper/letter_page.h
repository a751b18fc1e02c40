#pragma once

#include <string>
#include <vector>

#include "ocr/paper/canvas.h"

namespace mailroom::ocr {

/// One piece of a page, drawn below the one before.
struct Block {
  enum class Kind {
    small,
    plain,
    right,
    subject,
    heading,
    paragraph,
    table_head,
    table_row,
    table_total,
    signature
  };
  Kind kind = Kind::paragraph;
  std::string text;                     ///< paragraphs are broken into lines, the rest is one line
  std::vector<std::string> cells = {};  ///< of table rows
  double gap = 0;                       ///< mm above, beyond the line's own
};

/// A page of post: blocks and how they look.
struct LetterPage {
  std::vector<Block> blocks;
  bool serif = false;
  double size = 10.5;  ///< points
};

/// Draws the page and returns its exact text, line by line as drawn. Pen strokes have no text.
/// Errc::invalid_input when the blocks do not fit on one sheet.
Result<std::string> draw_letter(Canvas& canvas, const LetterPage& page);

}  // namespace mailroom::ocr
