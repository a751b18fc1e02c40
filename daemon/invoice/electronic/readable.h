#pragma once

#include <string>
#include <vector>

#include "daemon/invoice/model/invoice.h"

namespace mailroom::invoice {

/// A piece of the readable form, set below the one before.
struct ReadableBlock {
  enum class Kind { title, heading, paragraph, item };
  Kind kind = Kind::paragraph;
  std::string words;  ///< UTF-8, one line, without control characters and marks of writing direction
};

/// An invoice as people read it, German: every value that it has with the name of its term, dates and amounts
/// as they are written here. At most kReadableLines invoice lines; what is left out is said. Pure.
std::vector<ReadableBlock> readable(const Invoice& invoice);

inline constexpr std::size_t kReadableLines = 1000;

/// `text` without what could hide or turn round words on paper: control characters, bidirectional marks,
/// zero-width characters, bytes that are no UTF-8. At most `most` bytes, cut between characters.
std::string plain_words(const std::string& text, std::size_t most = 2000);

}  // namespace mailroom::invoice
