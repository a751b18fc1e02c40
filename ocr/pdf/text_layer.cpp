#include "ocr/pdf/text_layer.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "ocr/pdf/glyphless_font.h"
#include "ocr/pdf/unicode.h"

namespace mailroom::ocr {
namespace {

constexpr std::size_t kEntriesPerBlock = 100;  // of a bfchar section
constexpr double kSmallestHeight = 1;          // points
constexpr double kNarrowestGap = 0.2;          // between words, in heights of the line

struct PlacedWord {
  std::vector<unsigned> codes;
  PointBox box;
  int block = 0;
  int line = 0;
};

std::string hex_code(unsigned code) {
  return utf16_hex(std::u32string(1, static_cast<char32_t>(code)));
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

using WordSpan = std::span<PlacedWord>;

// Words of one line have boxes of different height ("aus", "Jäger"); a viewer that marks text would
// draw a ragged stripe and pdftotext might see several lines. A word far outside the line's band (an
// initial, a misread rule) keeps its own box.
void even_out(WordSpan line) {
  std::vector<double> bottoms;
  std::vector<double> tops;
  for (const PlacedWord& word : line) {
    bottoms.push_back(word.box.bottom);
    tops.push_back(word.box.bottom + word.box.height);
  }
  const double bottom = median(bottoms);
  const double height = std::max(median(tops) - bottom, kSmallestHeight);
  for (PlacedWord& word : line) {
    const double centre = word.box.bottom + word.box.height / 2;
    const bool belongs = centre > bottom - height / 4 && centre < bottom + height * 1.25;
    if (!belongs || word.box.height > 2 * height) continue;
    word.box.bottom = bottom;
    word.box.height = height;
  }
}

void even_out_lines(std::vector<PlacedWord>& words) {
  for (auto first = words.begin(); first != words.end();) {
    const auto end = std::find_if(first, words.end(), [first](const PlacedWord& word) {
      return word.line != first->line || word.block != first->block;
    });
    even_out(WordSpan(first, end));
    first = end;
  }
}

bool follows_on_the_line(const PlacedWord& word, const PlacedWord* next) {
  return next != nullptr && next->line == word.line && next->block == word.block &&
         next->box.left > word.box.left;
}

std::string show(const std::string& hex, std::size_t characters, double width, double height) {
  const double natural = static_cast<double>(characters) * height * kGlyphWidth / 1000;
  return pdf_number(std::max(100 * width / natural, 0.01)) + " Tz <" + hex + "> Tj\n";
}

std::string show_word(const PlacedWord& word, const PlacedWord* next) {
  const double height = std::max(word.box.height, kSmallestHeight);
  double gap = height / 4;
  double width = std::max(word.box.width, 0.1);
  if (follows_on_the_line(word, next)) {
    const double least = kNarrowestGap * height;
    width = std::clamp(next->box.left - least - word.box.left, width / 2, width);
    gap = std::max(next->box.left - word.box.left - width, least);
  }
  std::string hex;
  for (const unsigned code : word.codes) hex += hex_code(code);
  return "/F1 " + pdf_number(height) + " Tf 1 0 0 1 " + pdf_number(word.box.left) + " " +
         pdf_number(word.box.bottom) + " Tm\n" + show(hex, word.codes.size(), width, height) +
         show(hex_code(CharacterCodes::kSpace), 1, gap, height);
}

}  // namespace

Result<unsigned> CharacterCodes::code_of(const std::u32string& character) {
  const auto [entry, added] = codes_.try_emplace(character, static_cast<unsigned>(codes_.size()) + 1);
  if (entry->second > 0xD7FF) {
    if (added) codes_.erase(entry);
    return fail(Errc::unsupported, "the document has more different characters than one font can code");
  }
  return entry->second;
}

Bytes CharacterCodes::glyph_map() const {
  Bytes map(2 * (codes_.size() + 1));
  for (std::size_t code = 1; code <= codes_.size(); ++code) map[2 * code + 1] = 1;
  return map;
}

std::string CharacterCodes::to_unicode() const {
  std::vector<const std::u32string*> by_code(codes_.size());
  for (const auto& [character, code] : codes_) by_code[code - 1] = &character;
  std::string cmap =
      "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
      "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
      "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
      "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n";
  for (std::size_t first = 0; first < by_code.size(); first += kEntriesPerBlock) {
    const std::size_t end = std::min(first + kEntriesPerBlock, by_code.size());
    cmap += std::to_string(end - first) + " beginbfchar\n";
    for (std::size_t i = first; i < end; ++i) {
      cmap += "<" + hex_code(static_cast<unsigned>(i) + 1) + "> <" + utf16_hex(*by_code[i]) + ">\n";
    }
    cmap += "endbfchar\n";
  }
  return cmap + "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n";
}

Result<std::string> text_layer(const std::vector<Word>& words, const PageGeometry& geometry,
                               CharacterCodes& codes) {
  std::vector<PlacedWord> placed;
  for (const Word& word : words) {
    MAILROOM_TRY(const auto characters, characters_of(word.text));
    PlacedWord place{{}, geometry.word_box(word.box), word.block, word.line};
    for (const auto& character : characters) {
      MAILROOM_TRY(const unsigned code, codes.code_of(character));
      place.codes.push_back(code);
    }
    if (!place.codes.empty()) placed.push_back(std::move(place));
  }
  if (placed.empty()) return std::string();
  even_out_lines(placed);
  std::string content = "BT\n3 Tr\n";
  for (std::size_t i = 0; i < placed.size(); ++i) {
    content += show_word(placed[i], i + 1 < placed.size() ? &placed[i + 1] : nullptr);
  }
  return content + "ET\n";
}

}  // namespace mailroom::ocr
