#include "ocr/image/skew.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "ocr/image/opencv.h"
#include "ocr/image/pixels.h"

namespace mailroom::ocr {
namespace {

constexpr double kDpi = 100;
constexpr double kRange = 8;  // degrees
constexpr double kCoarseStep = 0.4;
constexpr double kFineStep = 0.05;
constexpr std::size_t kFewest = 300;  // ink pixels below which there is no text to lean
constexpr std::size_t kMost = 40000;
constexpr double kClearPeak = 1.35;  // the best angle against the mean over all angles

std::vector<cv::Point> ink_points(const Pixels& page) {
  const Pixels grey = to_grey(page);
  cv::Mat small;
  const double scale = std::min(1.0, kDpi / working_dpi(grey));
  cv::resize(view_of(grey), small, {}, scale, scale, cv::INTER_AREA);
  cv::Mat paper;
  cv::Mat ink;
  cv::blur(small, paper, {25, 25});
  cv::subtract(paper, small, small);
  cv::threshold(small, ink, 30, 255, cv::THRESH_BINARY);
  const int edge = ink.cols / 30;
  cv::rectangle(ink, {0, 0}, {ink.cols - 1, ink.rows - 1}, 0, edge);
  std::vector<cv::Point> points;
  cv::findNonZero(ink, points);
  if (points.size() <= kMost) return points;
  std::vector<cv::Point> some;
  for (std::size_t i = 0; i < kMost; ++i) some.push_back(points[i * points.size() / kMost]);
  return some;
}

/// How sharply the rows part from each other when the page is sheared by `degrees` (Postl, US
/// patent 4723297, expired): the sum of squared differences of neighbouring row sums.
double sharpness(const std::vector<cv::Point>& points, double degrees, std::vector<int>& rows) {
  const double slope = std::tan(degrees * std::numbers::pi / 180);
  const auto middle = static_cast<double>(rows.size()) / 2;
  std::fill(rows.begin(), rows.end(), 0);
  for (const cv::Point& point : points) {
    const double row = point.y + point.x * slope + middle / 2;
    if (row >= 0 && row < static_cast<double>(rows.size())) ++rows[static_cast<std::size_t>(row)];
  }
  double sum = 0;
  for (std::size_t i = 1; i < rows.size(); ++i) sum += std::pow(rows[i] - rows[i - 1], 2);
  return sum;
}

struct Best {
  double degrees = 0;
  double sharpness = 0;
  double mean = 0;
};

Best search(const std::vector<cv::Point>& points, double from, double to, double step,
            std::vector<int>& rows) {
  Best best;
  int count = 0;
  for (double degrees = from; degrees <= to + step / 2; degrees += step) {
    const double value = sharpness(points, degrees, rows);
    best.mean += value;
    ++count;
    if (value > best.sharpness) best = {degrees, value, best.mean};
  }
  best.mean /= count;
  return best;
}

}  // namespace

double skew_of(const Pixels& page) {
  const std::vector<cv::Point> points = ink_points(page);
  if (points.size() < kFewest) return 0;
  int extent = 0;
  for (const cv::Point& point : points) extent = std::max({extent, point.x, point.y});
  std::vector<int> rows(static_cast<std::size_t>(extent) * 2 + 2);
  const Best coarse = search(points, -kRange, kRange, kCoarseStep, rows);
  if (coarse.sharpness < kClearPeak * coarse.mean) return 0;
  return search(points, coarse.degrees - kCoarseStep, coarse.degrees + kCoarseStep, kFineStep, rows).degrees;
}

}  // namespace mailroom::ocr
