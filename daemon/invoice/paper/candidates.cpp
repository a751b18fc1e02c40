#include "daemon/invoice/paper/candidates.h"

#include <algorithm>
#include <cmath>

namespace mailroom::invoice {
namespace {

constexpr double kBelowAtMost = 12;  ///< mm from a label to the value under it

double overlap(double a1, double a2, double b1, double b2) {
  return std::min(a2, b2) - std::max(a1, b1);
}

/// Words between the label and the value in the value's row that are no part of either.
std::size_t words_between(const Layout& layout, const PlacedWord& label_end, const Spot& value) {
  const auto& first = layout.words[value.first];
  std::size_t between = 0;
  for (const auto index : layout.rows[first.row].words) {
    const auto& word = layout.words[index];
    if (word.left >= label_end.right - 0.5 && word.right <= first.left + 0.5 && !word.folded.empty())
      ++between;
  }
  return between;
}

/// Rows of words that lie between label and value, one under the other.
bool something_between(const Layout& layout, const PlacedWord& label, const Spot& value) {
  const auto& first = layout.words[value.first];
  const auto& last = layout.words[value.last];
  for (std::size_t row = label.row + 1; row < first.row; ++row) {
    for (const auto index : layout.rows[row].words) {
      const auto& word = layout.words[index];
      if (word.folded.empty() || word.top < label.bottom - 0.5 || word.bottom > first.top + 0.5) continue;
      if (overlap(word.left, word.right, first.left, last.right) > 0.5) return true;
    }
  }
  return false;
}

double score_to_the_right(const Layout& layout, const PlacedWord& label, const Spot& value) {
  const auto& first = layout.words[value.first];
  const double between = double(words_between(layout, label, value));
  return std::max(0.0, 1 - 0.0015 * (first.left - label.right) - 0.25 * between);
}

double score_below(const Layout& layout, const PlacedWord& begin, const PlacedWord& end, const Spot& value) {
  const auto& first = layout.words[value.first];
  const auto& last = layout.words[value.last];
  const double down = first.top - end.bottom;
  const bool aligned = overlap(begin.left, end.right, first.left, last.right) > 0.5 ||
                       std::abs(first.left - begin.left) < 2.5 || std::abs(last.right - end.right) < 2.5;
  if (aligned && !something_between(layout, begin, value)) return std::max(0.0, 0.88 - 0.03 * down);
  // Small print above left of a large value, as in forms.
  if (first.left > end.right && down < 1.2 * end.height()) {
    const double between = double(words_between(layout, end, value));
    return std::max(0.0, 0.8 - 0.001 * (first.left - end.right) - 0.3 * between);
  }
  return 0;
}

}  // namespace

double place_score(const Layout& layout, const Label& label, const Spot& value) {
  const auto& begin = layout.words[label.first];
  const auto& end = layout.words[label.last];
  const auto& first = layout.words[value.first];
  if (begin.page != first.page || value.first == label.first) return 0;
  const double beside = overlap(begin.top, end.bottom, first.top, first.bottom);
  const bool same_row = begin.row == first.row || beside > 0.4 * std::min(end.height(), first.height());
  if (same_row) return first.left >= end.right - 1 ? score_to_the_right(layout, end, value) : 0;
  if (first.top < end.bottom - 0.4 * end.height() || first.top - end.bottom > kBelowAtMost) return 0;
  return score_below(layout, begin, end, value);
}

Box box_of(const Layout& layout, const Spot& spot) {
  Box all = layout.words[spot.first].box;
  for (std::size_t i = spot.first + 1; i <= spot.last; ++i) {
    const Box& box = layout.words[i].box;
    const int right = std::max(all.x + all.width, box.x + box.width);
    const int bottom = std::max(all.y + all.height, box.y + box.height);
    all.x = std::min(all.x, box.x);
    all.y = std::min(all.y, box.y);
    all.width = right - all.x;
    all.height = bottom - all.y;
  }
  return all;
}

double confidence_of(const Layout& layout, const Spot& spot) {
  double weakest = 1;
  for (std::size_t i = spot.first; i <= spot.last; ++i)
    weakest = std::min(weakest, layout.words[i].confidence);
  return weakest;
}

std::string text_of(const Layout& layout, const Spot& spot) {
  std::string text;
  for (std::size_t i = spot.first; i <= spot.last; ++i)
    text += (text.empty() ? "" : " ") + layout.words[i].text;
  return text;
}

}  // namespace mailroom::invoice
