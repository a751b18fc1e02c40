#include "daemon/invoice/paper/layout.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace mailroom::invoice {
namespace {

constexpr double kMillimetresPerInch = 25.4;

/// "Kundennummer:2" are two words to a reader. Times and addresses of the web stay whole.
std::size_t split_point(const std::string& text) {
  const auto colon = text.find(':');
  if (colon == std::string::npos || colon < 3 || colon + 1 >= text.size()) return 0;
  const auto before = static_cast<unsigned char>(text[colon - 1]);
  if (before < 0x80 && std::isalpha(before) == 0 && before != '.') return 0;
  if (text.compare(colon, 3, "://") == 0) return 0;
  return colon + 1;
}

PlacedWord part_of(const Word& word, std::size_t from, std::size_t to) {
  const double share = double(word.box.width) / double(std::max<std::size_t>(1, word.text.size()));
  PlacedWord part;
  part.text = word.text.substr(from, to - from);
  part.confidence = word.confidence;
  part.box = word.box;
  part.box.x += int(share * double(from));
  part.box.width = std::max(1, int(share * double(to - from)));
  return part;
}

class PagePlacer {
 public:
  PagePlacer(const PageReport& report, std::size_t page)
      : report_(report),
        page_(page),
        scale_(kMillimetresPerInch / std::max(50, report.dpi)),
        slope_(std::tan(report.skew_degrees * std::numbers::pi / 180)) {}

  std::vector<PlacedWord> words() const {
    std::vector<PlacedWord> placed;
    for (const Word& word : report_.words) {
      // Parts of a turned page's word cannot be told apart along the horizontal axis.
      const auto cut = report_.rotation == 0 ? split_point(word.text) : 0;
      if (cut != 0) placed.push_back(at_its_place(part_of(word, 0, cut)));
      placed.push_back(at_its_place(part_of(word, cut, word.text.size())));
    }
    return placed;
  }

 private:
  PlacedWord at_its_place(PlacedWord word) const {
    const Box box = upright(word.box, report_.width, report_.height, report_.rotation);
    const double sink = slope_ * (box.x + box.width / 2.0);
    word.left = box.x * scale_;
    word.right = (box.x + box.width) * scale_;
    word.top = (box.y + sink) * scale_;
    word.bottom = (box.y + box.height + sink) * scale_;
    word.page = page_;
    word.folded = fold(word.text);
    return word;
  }

  const PageReport& report_;
  std::size_t page_;
  double scale_;
  double slope_;
};

bool side_by_side(const TextRow& row, const PlacedWord& word) {
  const double common = std::min(row.bottom, word.bottom) - std::max(row.top, word.top);
  const double lower = std::min(row.bottom - row.top, word.height());
  return common > 0.5 * lower;
}

/// Rows of one page. Words come by their middle, so a row is complete before the next one starts.
std::vector<std::pair<TextRow, std::vector<PlacedWord>>> rows_of(std::vector<PlacedWord> words) {
  std::stable_sort(words.begin(), words.end(),
                   [](const auto& a, const auto& b) { return a.top + a.bottom < b.top + b.bottom; });
  std::vector<std::pair<TextRow, std::vector<PlacedWord>>> rows;
  for (auto& word : words) {
    auto home = std::find_if(rows.rbegin(), rows.rbegin() + std::min<std::ptrdiff_t>(4, std::ssize(rows)),
                             [&](const auto& row) { return side_by_side(row.first, word); });
    if (rows.empty() || home == rows.rbegin() + std::min<std::ptrdiff_t>(4, std::ssize(rows))) {
      rows.push_back({{word.page, word.top, word.bottom, {}}, {std::move(word)}});
    } else {
      home->second.push_back(std::move(word));
    }
  }
  return rows;
}

double median_height(const std::vector<PlacedWord>& words) {
  std::vector<double> heights;
  for (const auto& word : words) heights.push_back(word.height());
  if (heights.empty()) return 3;
  const auto middle = heights.begin() + std::ssize(heights) / 2;
  std::nth_element(heights.begin(), middle, heights.end());
  return std::max(0.5, *middle);
}

/// The letter that a two-byte UTF-8 sequence beginning with C3 stands for.
std::string_view latin_letter(unsigned char second) {
  switch (second) {
    case 0xA4:
    case 0x84: return "ae";
    case 0xB6:
    case 0x96: return "oe";
    case 0xBC:
    case 0x9C: return "ue";
    case 0x9F: return "ss";
    case 0xA0:
    case 0xA1:
    case 0xA2:
    case 0x80:
    case 0x81:
    case 0x82: return "a";
    case 0xA8:
    case 0xA9:
    case 0xAA:
    case 0x88:
    case 0x89:
    case 0x8A: return "e";
    default: return "";
  }
}

}  // namespace

std::string Layout::row_text(std::size_t row) const {
  std::string text;
  for (const auto index : rows[row].words) text += (text.empty() ? "" : " ") + words[index].text;
  return text;
}

Layout lay_out(const std::vector<PaperPage>& pages) {
  Layout layout;
  for (std::size_t page = 0; page < pages.size(); ++page) {
    layout.pages.push_back(pages[page].id);
    for (auto& [row, words] : rows_of(PagePlacer(*pages[page].report, page).words())) {
      std::stable_sort(words.begin(), words.end(),
                       [](const auto& a, const auto& b) { return a.left < b.left; });
      for (auto& word : words) {
        word.row = layout.rows.size();
        row.words.push_back(layout.words.size());
        layout.words.push_back(std::move(word));
      }
      layout.rows.push_back(std::move(row));
    }
  }
  layout.letter_height = median_height(layout.words);
  return layout;
}

std::string fold(std::string_view text) {
  std::string folded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c == 0xC3 && i + 1 < text.size()) {
      folded += latin_letter(static_cast<unsigned char>(text[++i]));
    } else if (c >= 'A' && c <= 'Z') {
      folded += char(c - 'A' + 'a');
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      folded += char(c);
    }
  }
  return folded;
}

bool nearly_equal(std::string_view one, std::string_view other) {
  if (one == other) return true;
  if (one.size() > other.size()) std::swap(one, other);
  if (one.size() < 8 || other.size() - one.size() > 1) return false;
  std::size_t same = 0;
  while (same < one.size() && one[same] == other[same]) ++same;
  const bool replaced = one.size() == other.size();
  return one.substr(replaced ? same + 1 : same) == other.substr(same + 1);
}

}  // namespace mailroom::invoice
