#include "ocr/image/only_codes.h"

#include <algorithm>
#include <cmath>

#include "ocr/image/stripes.h"
#include "ocr/image/surface.h"

namespace mailroom::ocr {
namespace {

constexpr double kInkContrast = 40;  // grey levels; fainter marks are looked for by inspect()
constexpr double kMarginMm = 4;
constexpr int kMostLines = 7;
constexpr int kMostSmallLetters = 100;
constexpr double kSmallMm = 2.6;
constexpr double kLeastLetterMm = 0.8;  // dots and commas
constexpr double kMostInk = 0.035;
constexpr double kLongestMm = 30;

bool meet(const Box& a, const Box& b) {
  return (rect_of(a) & rect_of(b)).area() > 0;
}

/// Engines report a linear code as the few rows they read: its bars reach further up and down.
void leave_out_bars(cv::Mat& ink, const cv::Rect& code) {
  constexpr double kSolid = 0.6;
  std::vector<std::vector<cv::Point>> outlines;
  cv::findContours(ink, outlines, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_SIMPLE);
  for (std::size_t i = 0; i < outlines.size(); ++i) {
    const cv::Rect box = cv::boundingRect(outlines[i]);
    if ((box & code).empty()) continue;
    const cv::RotatedRect around = cv::minAreaRect(outlines[i]);
    const double whole = (around.size.width + 1.0) * (around.size.height + 1.0);
    if (cv::countNonZero(ink(box)) < kSolid * std::min(whole, static_cast<double>(box.area()))) continue;
    cv::drawContours(ink, outlines, static_cast<int>(i), 0, cv::FILLED);
    cv::drawContours(ink, outlines, static_cast<int>(i), 0, 3);
  }
}

/// Blanks out the codes in `ink`.
void leave_out(cv::Mat& ink, const Pixels& page, const std::vector<Box>& codes, const Surface& surface) {
  std::vector<Box> places = codes;
  for (const Box& region : code_like_regions(page))
    if (std::any_of(codes.begin(), codes.end(), [&](const Box& code) { return meet(code, region); }))
      places.push_back(region);
  for (const Box& place : places) {
    const auto down = [&](int value) { return static_cast<int>(std::lround(value * surface.scale)); };
    const cv::Rect rect(down(place.x), down(place.y), down(place.width), down(place.height));
    leave_out_bars(ink, rect);
    ink(grown(rect, surface.px(kMarginMm), ink.size())).setTo(0);
  }
}

/// How many text lines or lone marks there are: letters are joined to the right and left as far as
/// words stand apart, and up and down only as far as a dot stands above its large letter.
int lines_of(const std::vector<Mark>& marks, const Surface& surface) {
  cv::Mat joined = cv::Mat::zeros(surface.light.size(), CV_8U);
  for (const Mark& mark : marks) {
    const int high = mark.box.height;
    const int across = std::max(surface.px(4), high * 4 / 5);
    const int up = high >= surface.px(3.5) ? high * 2 / 9 : 1;
    const cv::Rect wide(mark.box.x - across, mark.box.y - up, mark.box.width + 2 * across, high + 2 * up);
    cv::rectangle(joined, wide & cv::Rect({}, joined.size()), 255, cv::FILLED);
  }
  cv::Mat labels;
  return cv::connectedComponents(joined, labels, 8, CV_32S) - 1;
}

}  // namespace

bool only_codes(const Pixels& page, const std::vector<Box>& codes) {
  if (codes.empty()) return false;
  const Surface surface = surface_of(page);
  cv::Mat ink;
  cv::threshold(surface.contrast, ink, kInkContrast, 255, cv::THRESH_BINARY);
  leave_out(ink, page, codes, surface);
  std::vector<Mark> marks = marks_in(ink, surface);
  std::erase_if(marks, [&](const Mark& mark) { return mark.length < kLeastLetterMm * surface.per_mm; });
  double area = 0;
  int small = 0;
  for (const Mark& mark : marks) {
    if (mark.length > kLongestMm * surface.per_mm) return false;
    if (mark.box.height < kSmallMm * surface.per_mm) ++small;
    area += mark.area;
  }
  return small <= kMostSmallLetters && area <= kMostInk * static_cast<double>(surface.light.total()) &&
         lines_of(marks, surface) <= kMostLines;
}

}  // namespace mailroom::ocr
