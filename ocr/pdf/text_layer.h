#pragma once

#include <map>
#include <string>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"
#include "daemon/document/page_report.h"
#include "ocr/pdf/page_geometry.h"

namespace mailroom::ocr {

/// The characters of one PDF and their codes in its one font. A character is a letter with its
/// combining marks, so each is found and copied whole; codes are given in the order of first use.
class CharacterCodes {
 public:
  static constexpr unsigned kSpace = 1;

  CharacterCodes() { codes_.emplace(U" ", kSpace); }

  /// Errc::unsupported beyond 55295 different characters.
  Result<unsigned> code_of(const std::u32string& character);

  /// Two bytes a code: every code but 0 is the one glyph (ISO 32000-1 table 117, CIDToGIDMap).
  [[nodiscard]] Bytes glyph_map() const;

  /// The ToUnicode CMap (ISO 32000-1 §9.10.3).
  [[nodiscard]] std::string to_unicode() const;

 private:
  std::map<std::u32string, unsigned> codes_;
};

/// Content stream operators that lay `words` invisibly (rendering mode 3) over the page, in reading
/// order, with the font named /F1. Every word is as wide as its box; words of a line share its height
/// and base line, and a space follows each, so that marking and copying read as the paper does.
Result<std::string> text_layer(const std::vector<Word>& words, const PageGeometry& geometry,
                               CharacterCodes& codes);

}  // namespace mailroom::ocr
