#include <cmath>

#include "daemon/invoice/paper/paper_reading.h"
#include "daemon/invoice/paper/written_values.h"

namespace mailroom::invoice {
namespace {

constexpr double kNear = 4;         ///< mm a value may stand off the place that was learnt
constexpr double kLabelReach = 90;  ///< mm from a value to the words that announce it

/// The word whose left top corner is closest to the place.
std::optional<Spot> word_at(const Layout& layout, std::size_t page, double left, double top) {
  std::optional<Spot> best;
  double distance = kNear;
  for (std::size_t i = 0; i < layout.words.size(); ++i) {
    const auto& word = layout.words[i];
    if (word.page != page || word.folded.empty()) continue;
    const double off = std::hypot(word.left - left, word.top - top);
    if (off < distance) {
      distance = off;
      best = Spot{i, i};
    }
  }
  return best;
}

bool announces(const PlacedWord& word) {
  return word.folded.size() >= 3 && word.folded.find_first_of("0123456789") == std::string::npos;
}

}  // namespace

std::optional<Spot> follow(const Layout& layout, const Anchor& anchor) {
  if (anchor.label.empty()) return word_at(layout, 0, anchor.dx, anchor.dy);
  for (const auto& word : layout.words) {
    if (word.folded != anchor.label) continue;
    if (auto spot = word_at(layout, word.page, word.left + anchor.dx, word.top + anchor.dy)) return spot;
  }
  return std::nullopt;
}

std::optional<Anchor> learn_anchor(const PaperPage& page, const std::string& field,
                                   const std::string& value) {
  const Layout layout = lay_out({page});
  const auto wanted = fold(value);
  const auto wanted_date = read_date(value);
  for (const auto& word : layout.words) {
    const bool same = word.folded == wanted || (wanted_date && read_date(word.text) == wanted_date);
    if (!same || wanted.empty()) continue;
    Anchor anchor{field, "", word.left, word.top};
    double nearest = kLabelReach;
    for (const auto& other : layout.words) {
      const bool before = other.top < word.bottom && other.top > word.top - 12 &&
                          other.left <= word.left + 1 && &other != &word;
      const double off = std::hypot(word.left - other.left, word.top - other.top);
      if (!before || !announces(other) || off >= nearest) continue;
      nearest = off;
      anchor = {field, other.folded, word.left - other.left, word.top - other.top};
    }
    return anchor;
  }
  return std::nullopt;
}

}  // namespace mailroom::invoice
