#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/document/page_report.h"

namespace mailroom::invoice {

/// A page to read, as the page worker left it.
struct PaperPage {
  std::string id;
  const PageReport* report = nullptr;
};

/// A word where a person sees it: millimetres on the upright, straightened page.
struct PlacedWord {
  std::string text;
  std::string folded;  ///< as fold() makes it
  double left = 0;
  double right = 0;
  double top = 0;
  double bottom = 0;
  double confidence = 0;
  std::size_t page = 0;  ///< index into the pages read
  std::size_t row = 0;   ///< index into Layout::rows
  Box box;               ///< pixels of the captured image

  [[nodiscard]] double height() const { return bottom - top; }
};

/// Words side by side, whatever text blocks the recogniser put them in: left to right.
struct TextRow {
  std::size_t page = 0;
  double top = 0;
  double bottom = 0;
  std::vector<std::size_t> words;  ///< indices into Layout::words
};

/// All words of a document with their places, pages one after the other, rows from top to bottom.
struct Layout {
  std::vector<PlacedWord> words;  ///< in the order of the rows
  std::vector<TextRow> rows;
  std::vector<std::string> pages;  ///< ids
  double letter_height = 3;        ///< median height of a word, mm

  [[nodiscard]] std::string row_text(std::size_t row) const;
};

Layout lay_out(const std::vector<PaperPage>& pages);

/// Small ASCII letters and digits only: umlauts are written out, everything else falls away.
/// "Rechnungs-Nr.:" becomes "rechnungsnr".
std::string fold(std::string_view text);

/// True when both are equal or, from eight characters on, one edit apart: recognition errors.
bool nearly_equal(std::string_view one, std::string_view other);

}  // namespace mailroom::invoice
