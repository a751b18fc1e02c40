#pragma once

#include <span>
#include <string>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"

namespace mailroom::ocr {

/// A piece of running text, set below the one before it.
struct TextBlock {
  enum class Kind { title, heading, paragraph, item };
  Kind kind = Kind::paragraph;
  std::string words;  ///< UTF-8; broken into lines between words
};

/// The blocks as A4 pages with page numbers and `footer` on each, vector print, fonts embedded. The same
/// input gives the same pages, and with `created` (RFC 3339, UTC, whole seconds) the same bytes. Reentrant.
Result<Bytes> text_document_pdf(std::span<const TextBlock> blocks, const std::string& title,
                                const std::string& footer, const std::string& created = {});

}  // namespace mailroom::ocr
