#include "ocr/image/likeness.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "ocr/image/opencv.h"
#include "ocr/image/pixels.h"
#include "ocr/image/registration.h"
#include "ocr/image/skew.h"
#include "ocr/image/surface.h"

namespace mailroom::ocr {
namespace {

constexpr double kMostDpi = 200;
constexpr int kPiece = 48;             // dots: 6 mm
constexpr int kLocalShift = 3;         // dots a piece may lie off the affine map
constexpr double kTrustedMatch = 0.6;  // below it a piece is not moved: there is nothing to move it by
constexpr double kStrong = 0.5;        // of the ink's darkness: surely ink
constexpr double kWeak = 0.18;         // may be ink
constexpr double kFaintest = 12;       // grey levels; what is fainter is paper
constexpr int kLetter = 24;            // dots: 3 mm, a letter or two
constexpr double kSoften = 0.8;        // dots, evens out the two grids of dots
constexpr double kSameLetter =
    0.925;  // measured: rescans 0.94 and more, another letter or comma 0.88 and less
constexpr double kSmallestMark = 0.06;  // mm2: a full stop has 0.15, the tail of a comma 0.08
constexpr double kEdge = 5;             // mm along the edges that shadows and the cut may change
constexpr double kLeastInk = 12;        // mm2 of ink, about a line of text, that a comparison needs
constexpr double kOther = 0.03;         // share of the ink that differs between two papers
constexpr int kOtherMarks = 6;          // in so many separate marks
constexpr double kSizeSlack = 6;        // mm that two scans of a sheet may differ in length or width

double mm2(double dots, double dpi) {
  return dots * (25.4 / dpi) * (25.4 / dpi);
}

/// How dark ink is on this page: the upper part of what stands out of the paper.
double darkness_of(const cv::Mat& contrast) {
  std::vector<int> count(256);
  for (int y = 0; y < contrast.rows; y += 2) {
    const auto* row = contrast.ptr<std::uint8_t>(y);
    for (int x = 0; x < contrast.cols; x += 2) ++count[row[x]];
  }
  long inked = 0;
  for (int level = 30; level < 256; ++level) inked += count[std::size_t(level)];
  long above = 0;
  for (int level = 255; level > 30; --level) {
    above += count[std::size_t(level)];
    if (above * 10 >= inked * 3) return level;
  }
  return 60;
}

/// One image ready to be compared: what is surely ink and what may be.
struct Inked {
  cv::Mat contrast;
  cv::Mat strong;
  cv::Mat weak;
};

Inked inked(const cv::Mat& contrast) {
  Inked made;
  made.contrast = contrast;
  const double darkness = darkness_of(contrast);
  cv::threshold(contrast, made.strong, std::max(kFaintest * 2, kStrong * darkness), 255, cv::THRESH_BINARY);
  cv::threshold(contrast, made.weak, std::max(kFaintest, kWeak * darkness), 255, cv::THRESH_BINARY);
  return made;
}

/// Where the piece `rect` of `first` lies in `second`, off the same place.
cv::Point local_shift(const cv::Mat& first, const cv::Mat& second, const cv::Rect& rect) {
  const cv::Rect around = grown(rect, kLocalShift, second.size());
  if (around.width < rect.width || around.height < rect.height) return {};
  cv::Mat scores;
  cv::matchTemplate(second(around), first(rect), scores, cv::TM_CCOEFF_NORMED);
  double best = 0;
  cv::Point at;
  cv::minMaxLoc(scores, nullptr, &best, nullptr, &at);
  if (!(best >= kTrustedMatch)) return {};
  return {around.x + at.x - rect.x, around.y + at.y - rect.y};
}

/// Marks what of `from` inside `rect` is surely ink and not even faint in `to`, which lies off by `shift`.
void mark_missing(const Inked& from, const Inked& to, const cv::Rect& rect, cv::Point shift, cv::Mat& into) {
  const cv::Rect frame({}, to.weak.size());
  const cv::Rect there = cv::Rect(rect.tl() + shift, rect.size());
  const cv::Rect wide = cv::Rect(there.x - 1, there.y - 1, there.width + 2, there.height + 2) & frame;
  if ((there & frame) != there) return;
  cv::Mat near;
  cv::dilate(to.weak(wide), near, cv::getStructuringElement(cv::MORPH_RECT, {3, 3}));
  cv::Mat missing;
  cv::bitwise_not(near(cv::Rect(there.x - wide.x, there.y - wide.y, rect.width, rect.height)), missing);
  cv::bitwise_and(missing, from.strong(rect), missing);
  cv::Mat target = into(rect);
  cv::bitwise_or(target, missing, target);
}

/// All that only one of the two has, in the frame of the first.
cv::Mat differences(const Inked& first, const Inked& second, const cv::Mat& overlap) {
  cv::Mat found = cv::Mat::zeros(first.strong.size(), CV_8U);
  const cv::Rect frame({}, found.size());
  for (int y = 0; y < found.rows; y += kPiece) {
    for (int x = 0; x < found.cols; x += kPiece) {
      const cv::Rect piece = cv::Rect(x, y, kPiece, kPiece) & frame;
      if (cv::countNonZero(first.strong(piece)) == 0 && cv::countNonZero(second.strong(piece)) == 0) continue;
      const cv::Rect matched = grown(piece, kPiece / 4, found.size());
      const cv::Point shift = local_shift(first.contrast, second.contrast, matched);
      mark_missing(first, second, piece, shift, found);
      mark_missing(second, first, piece, -shift, found);
    }
  }
  cv::bitwise_and(found, overlap, found);
  return found;
}

/// Adds the letters that look otherwise although no stroke of them is missing: an "o" where the other has a
/// "u".
void add_unlike_letters(const Inked& first, const Inked& second, const cv::Mat& overlap, cv::Mat& found) {
  cv::Mat one, other;
  cv::GaussianBlur(first.contrast, one, {}, kSoften);
  cv::GaussianBlur(second.contrast, other, {}, kSoften);
  for (int y = 0; y + kLetter <= one.rows; y += kLetter / 2) {
    for (int x = 0; x + kLetter <= one.cols; x += kLetter / 2) {
      const cv::Rect letter(x, y, kLetter, kLetter);
      const int ink =
          std::max(cv::countNonZero(first.strong(letter)), cv::countNonZero(second.strong(letter)));
      const cv::Rect around = grown(letter, 2, one.size());
      if (ink < kLetter * kLetter / 24 || around.width < kLetter + 4 || around.height < kLetter + 4) continue;
      if (cv::countNonZero(overlap(letter)) < kLetter * kLetter) continue;
      cv::Mat scores;
      cv::matchTemplate(other(around), one(letter), scores, cv::TM_CCOEFF_NORMED);
      double best = 0;
      cv::minMaxLoc(scores, nullptr, &best);
      if (best < kSameLetter) found(letter).setTo(255);
    }
  }
}

struct Differing {
  int marks = 0;
  double area = 0;  ///< dots
  cv::Rect around;
};

Differing marks_of(const cv::Mat& differences, double dpi) {
  cv::Mat labels, stats, centres;
  // Strokes that are cut into crumbs belong together.
  cv::Mat joined;
  cv::morphologyEx(differences, joined, cv::MORPH_CLOSE, cv::getStructuringElement(cv::MORPH_RECT, {3, 3}));
  const int count = cv::connectedComponentsWithStats(joined, labels, stats, centres);
  Differing found;
  for (int i = 1; i < count; ++i) {
    const int area = stats.at<int>(i, cv::CC_STAT_AREA);
    if (mm2(area, dpi) < kSmallestMark) continue;
    const cv::Rect box(stats.at<int>(i, cv::CC_STAT_LEFT), stats.at<int>(i, cv::CC_STAT_TOP),
                       stats.at<int>(i, cv::CC_STAT_WIDTH), stats.at<int>(i, cv::CC_STAT_HEIGHT));
    found.around = found.marks == 0 ? box : (found.around | box);
    found.area += area;
    ++found.marks;
  }
  return found;
}

/// Where both papers are, without the edges.
cv::Mat overlap_of(const cv::Size& first, const cv::Mat& second, const cv::Mat& map, double dpi) {
  const int edge = int(kEdge * dpi / 25.4);
  const auto inner = [edge](const cv::Size& size) {
    cv::Mat mask = cv::Mat::zeros(size, CV_8U);
    if (size.width > 2 * edge && size.height > 2 * edge)
      mask(cv::Rect(edge, edge, size.width - 2 * edge, size.height - 2 * edge)).setTo(255);
    return mask;
  };
  cv::Mat moved;
  cv::warpAffine(inner(second.size()), moved, map, first, cv::INTER_NEAREST);
  cv::bitwise_and(moved, inner(first), moved);
  return moved;
}

bool differ_in_size(const cv::Mat& first, const cv::Mat& second, double dpi) {
  const double slack = kSizeSlack * dpi / 25.4;
  return std::abs(first.rows - second.rows) > slack || std::abs(first.cols - second.cols) > slack;
}

Box in_pixels_of(const Pixels& page, const cv::Mat& reduced, const cv::Rect& rect) {
  const double scale = double(page.width) / reduced.cols;
  return {int(rect.x * scale), int(rect.y * scale), int(std::ceil(rect.width * scale)),
          int(std::ceil(rect.height * scale))};
}

}  // namespace

Likeness compare_sides(const Pixels& first, const Pixels& second) {
  const double dpi = std::min({kMostDpi, double(working_dpi(first)), double(working_dpi(second))});
  const cv::Mat one = surface_of(first, dpi).contrast, other = surface_of(second, dpi).contrast;
  const Inked ink = inked(one);
  const Inked other_ink = inked(other);
  const double inked_area = mm2(cv::countNonZero(ink.strong), dpi),
               other_area = mm2(cv::countNonZero(other_ink.strong), dpi);
  Likeness found;
  if (std::max(inked_area, other_area) < kLeastInk) {
    found.alike = Alike::nothing;
    return found;
  }
  if (differ_in_size(one, other, dpi) ||
      std::min(inked_area, other_area) * 3 < std::max(inked_area, other_area)) {
    found.alike = Alike::different;
    return found;
  }
  const auto placed = place_on(one, other, skew_of(second) - skew_of(first), dpi);
  if (!placed) {
    found.alike = Alike::different;
    return found;
  }
  cv::Mat moved;
  cv::warpAffine(other, moved, placed->map, one.size(), cv::INTER_LINEAR);
  const cv::Mat overlap = overlap_of(one.size(), other, placed->map, dpi);
  const Inked moved_ink = inked(moved);
  cv::Mat dots = differences(ink, moved_ink, overlap);
  const Differing strokes = marks_of(dots, dpi);
  add_unlike_letters(ink, moved_ink, overlap, dots);
  const Differing differing = marks_of(dots, dpi);
  found.turned = placed->turned;
  found.marks = differing.marks;
  if (differing.marks > 0) found.where = in_pixels_of(first, one, differing.around);
  const bool other_paper =
      strokes.marks >= kOtherMarks && mm2(strokes.area, dpi) > kOther * std::max(inked_area, other_area);
  found.alike = differing.marks == 0 && placed->sure ? Alike::same
                : other_paper                        ? Alike::different
                                                     : Alike::doubtful;
  return found;
}

}  // namespace mailroom::ocr
