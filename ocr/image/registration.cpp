#include "ocr/image/registration.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace mailroom::ocr {
namespace {

constexpr double kRoughDpi = 25;
constexpr double kHalfDpi = 100;  // pieces are looked for at this resolution
constexpr int kPiece = 56;        // dots there: 14 mm
constexpr int kReach = 20;        // dots a piece may lie off the rough place: 5 mm
constexpr double kFound = 0.5;    // correlation at which a piece counts as found
constexpr std::size_t kMostPieces = 72;
constexpr std::size_t kFewestPieces = 4;
constexpr double kAgree = 0.5;  // share of the pieces that must lie where the map says

/// A turn by `degrees` about the middle of `from` and a shift to the middle of `to`.
cv::Mat turn(const cv::Size& from, const cv::Size& to, double degrees) {
  cv::Mat map =
      cv::getRotationMatrix2D(cv::Point2f(float(from.width) / 2, float(from.height) / 2), degrees, 1);
  map.at<double>(0, 2) += (to.width - from.width) / 2.0;
  map.at<double>(1, 2) += (to.height - from.height) / 2.0;
  return map;
}

cv::Mat reduced(const cv::Mat& image, double factor) {
  cv::Mat small;
  cv::resize(image, small, {}, factor, factor, cv::INTER_AREA);
  return small;
}

struct Rough {
  double score = -1;
  double degrees = 0;
  cv::Point2d shift;  ///< dots at kRoughDpi
};

/// The best shift after a turn, by the peak of the correlation of the whole.
Rough try_turn(const cv::Mat& first, const cv::Mat& second, double degrees) {
  cv::Mat moved, wide;
  cv::warpAffine(second, moved, turn(second.size(), first.size(), degrees), first.size());
  const int reach = int(20 / 25.4 * kRoughDpi);
  cv::copyMakeBorder(moved, wide, reach, reach, reach, reach, cv::BORDER_CONSTANT, 0);
  cv::Mat scores;
  cv::matchTemplate(wide, first, scores, cv::TM_CCOEFF_NORMED);
  Rough rough{-1, degrees, {}};
  cv::Point at;
  cv::minMaxLoc(scores, nullptr, &rough.score, nullptr, &at);
  rough.shift = cv::Point2d(reach - at.x, reach - at.y);
  return rough;
}

Rough rough_place(const cv::Mat& first, const cv::Mat& second, double lean) {
  Rough best;
  for (const double half : {0.0, 180.0}) {
    for (const double degrees : {lean, 0.0, lean - 1, lean + 1}) {
      const Rough rough = try_turn(first, second, half + degrees);
      if (rough.score > best.score) best = rough;
    }
  }
  return best;
}

/// The pieces of `image` with the most ink, at most so many, of all parts of the page.
std::vector<cv::Rect> inked_pieces(const cv::Mat& image) {
  std::vector<std::pair<double, cv::Rect>> pieces;
  for (int y = 0; y + kPiece <= image.rows; y += kPiece / 2) {
    for (int x = 0; x + kPiece <= image.cols; x += kPiece / 2) {
      const cv::Rect rect(x, y, kPiece, kPiece);
      cv::Scalar mean, deviation;
      cv::meanStdDev(image(rect), mean, deviation);
      if (deviation[0] > 8) pieces.emplace_back(deviation[0], rect);
    }
  }
  std::sort(pieces.begin(), pieces.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<cv::Rect> chosen;
  for (const auto& [ink, rect] : pieces) {
    const bool far = std::none_of(chosen.begin(), chosen.end(), [&r = rect](const cv::Rect& other) {
      return (other & r).area() > kPiece * kPiece / 3;
    });
    if (far && chosen.size() < kMostPieces) chosen.push_back(rect);
  }
  return chosen;
}

struct Pair {
  cv::Point2d in_second;
  cv::Point2d in_first;
};

/// Looks for pieces of `first` in `moved` near their place.
std::vector<Pair> find_pieces(const cv::Mat& first, const cv::Mat& moved, const std::vector<cv::Rect>& pieces,
                              int reach) {
  std::vector<Pair> pairs;
  for (const cv::Rect& rect : pieces) {
    const cv::Rect around = grown(rect, reach, moved.size());
    if (around.width < rect.width || around.height < rect.height) continue;
    cv::Mat scores;
    cv::matchTemplate(moved(around), first(rect), scores, cv::TM_CCOEFF_NORMED);
    double best = 0;
    cv::Point at;
    cv::minMaxLoc(scores, nullptr, &best, nullptr, &at);
    if (!(best >= kFound)) continue;
    const cv::Point2d middle(rect.x + kPiece / 2.0, rect.y + kPiece / 2.0);
    pairs.push_back({cv::Point2d(around.x + at.x + kPiece / 2.0, around.y + at.y + kPiece / 2.0), middle});
  }
  return pairs;
}

cv::Point2d mapped(const cv::Mat& map, const cv::Point2d& point) {
  const auto at = [&map](int row, int column) { return map.at<double>(row, column); };
  return {at(0, 0) * point.x + at(0, 1) * point.y + at(0, 2),
          at(1, 0) * point.x + at(1, 1) * point.y + at(1, 2)};
}

cv::Mat shift_only(const std::vector<Pair>& pairs) {
  std::vector<double> dx, dy;
  for (const Pair& pair : pairs) {
    dx.push_back(pair.in_first.x - pair.in_second.x);
    dy.push_back(pair.in_first.y - pair.in_second.y);
  }
  const auto middle = std::ptrdiff_t(dx.size() / 2);
  std::nth_element(dx.begin(), dx.begin() + middle, dx.end());
  std::nth_element(dy.begin(), dy.begin() + middle, dy.end());
  cv::Mat map = cv::Mat::eye(2, 3, CV_64F);
  map.at<double>(0, 2) = dx[std::size_t(middle)];
  map.at<double>(1, 2) = dy[std::size_t(middle)];
  return map;
}

/// The affine map of least squares.
cv::Mat fitted(const std::vector<Pair>& pairs) {
  cv::Mat points(int(pairs.size()), 3, CV_64F), targets(int(pairs.size()), 2, CV_64F), solution;
  for (int i = 0; i < points.rows; ++i) {
    const Pair& pair = pairs[std::size_t(i)];
    points.at<double>(i, 0) = pair.in_second.x;
    points.at<double>(i, 1) = pair.in_second.y;
    points.at<double>(i, 2) = 1;
    targets.at<double>(i, 0) = pair.in_first.x;
    targets.at<double>(i, 1) = pair.in_first.y;
  }
  cv::solve(points, targets, solution, cv::DECOMP_SVD);
  return solution.t();
}

std::vector<Pair> agreeing(const std::vector<Pair>& pairs, const cv::Mat& map, double slack) {
  std::vector<Pair> kept;
  std::copy_if(pairs.begin(), pairs.end(), std::back_inserter(kept), [&](const Pair& pair) {
    return cv::norm(mapped(map, pair.in_second) - pair.in_first) <= slack;
  });
  return kept;
}

/// `after` done after `before`.
cv::Mat chained(const cv::Mat& after, const cv::Mat& before) {
  cv::Mat first = cv::Mat::eye(3, 3, CV_64F), second = cv::Mat::eye(3, 3, CV_64F);
  before.copyTo(first.rowRange(0, 2));
  after.copyTo(second.rowRange(0, 2));
  return cv::Mat(second * first).rowRange(0, 2).clone();
}

/// A map between images of another resolution.
cv::Mat at_scale(const cv::Mat& map, double factor) {
  cv::Mat scaled = map.clone();
  scaled.col(2) *= factor;
  return scaled;
}

/// One round of looking for pieces and fitting; nullopt when they do not agree.
std::optional<Placed> refined(const cv::Mat& first, const cv::Mat& second, const Placed& before,
                              const std::vector<cv::Rect>& pieces, int reach, double slack) {
  cv::Mat moved;
  cv::warpAffine(second, moved, before.map, first.size());
  const auto pairs = find_pieces(first, moved, pieces, reach);
  if (pairs.empty()) return std::nullopt;
  auto kept = agreeing(pairs, shift_only(pairs), reach / 2.0);
  cv::Mat step = shift_only(kept.empty() ? pairs : kept);
  for (int round = 0; round < 3 && kept.size() >= kFewestPieces; ++round) {
    step = fitted(kept);
    kept = agreeing(pairs, step, round == 0 ? 2 * slack : slack);
  }
  if (double(kept.size()) < kAgree * double(pieces.size())) return std::nullopt;
  Placed placed = before;
  placed.map = chained(step, before.map);
  placed.sure = kept.size() >= kFewestPieces;
  return placed;
}

}  // namespace

std::optional<Placed> place_on(const cv::Mat& first, const cv::Mat& second, double lean, double dpi) {
  const Rough rough = rough_place(reduced(first, kRoughDpi / dpi), reduced(second, kRoughDpi / dpi), lean);
  const cv::Mat one = reduced(first, kHalfDpi / dpi), other = reduced(second, kHalfDpi / dpi);
  const auto pieces = inked_pieces(one);
  if (pieces.empty() || rough.score < 0.15) return std::nullopt;
  Placed placed;
  placed.map = turn(other.size(), one.size(), rough.degrees);
  placed.map.at<double>(0, 2) += rough.shift.x * kHalfDpi / kRoughDpi;
  placed.map.at<double>(1, 2) += rough.shift.y * kHalfDpi / kRoughDpi;
  placed.turned = rough.degrees > 90;
  const auto near = refined(one, other, placed, pieces, kReach, 3);
  if (!near) return std::nullopt;
  auto exact = refined(one, other, *near, pieces, 6, 1.5);
  if (!exact) return std::nullopt;
  exact->map = at_scale(exact->map, dpi / kHalfDpi);
  return exact;
}

}  // namespace mailroom::ocr
