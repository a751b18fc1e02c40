#include "ocr/image/faint_strokes.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mailroom::ocr {
namespace {

constexpr double kScale = 2.0 / 3;  // of the surface: 100 dpi, a pencil stroke is two pixels
constexpr int kReach = 5;           // half the length of the average: 2.8 mm in all
constexpr int kDirections = 8;
constexpr double kNoiseFactor = 5.5;  // standard deviations
constexpr float kLeastAnswer = 1.3F;  // grey levels, on paper without any noise
constexpr int kLeastPixels = 14;
constexpr double kLeastHeightMm = 2.45;  // handwriting; hairs and folds lie flatter

/// Small dark structures of 0.3 to 0.7 mm: the difference of two blurs, dark positive.
cv::Mat fine_band(const cv::Mat& light) {
  cv::Mat values;
  cv::Mat narrow;
  cv::Mat wide;
  light.convertTo(values, CV_32F);
  cv::GaussianBlur(values, narrow, {}, 0.7);
  cv::GaussianBlur(values, wide, {}, 1.5);
  return wide - narrow;
}

/// Mean of `band` along a straight piece through each pixel.
cv::Mat along(const cv::Mat& band, int direction) {
  const double angle = direction * std::numbers::pi / kDirections;
  cv::Mat sum = cv::Mat::zeros(band.size(), CV_32F);
  const cv::Rect inner(kReach, kReach, band.cols - 2 * kReach, band.rows - 2 * kReach);
  for (int step = -kReach; step <= kReach; ++step) {
    const cv::Point shift(static_cast<int>(std::lround(step * std::cos(angle))),
                          static_cast<int>(std::lround(step * std::sin(angle))));
    sum(inner) += band(inner + shift);
  }
  return sum / (2 * kReach + 1);
}

/// Standard deviation of the noise, from the median so that strokes do not count.
float noise_of(const cv::Mat& answer) {
  std::vector<float> values;
  for (int y = 0; y < answer.rows; y += 7)
    for (int x = 0; x < answer.cols; x += 5)
      if (const float value = std::abs(answer.at<float>(y, x)); value > 0) values.push_back(value);
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle / 0.6745F;
}

/// Takes streaks of the scanner and folds out of `hits`: what goes straight up or across for 8 mm.
void remove_straight(cv::Mat& hits, double per_mm) {
  const int length = static_cast<int>(8 * per_mm);
  cv::Mat dense;
  cv::Mat lines = cv::Mat::zeros(hits.size(), CV_8U);
  cv::dilate(hits, dense, cv::Mat::ones(3, 3, CV_8U));
  for (const cv::Size& piece : {cv::Size(1, length), cv::Size(length, 1)}) {
    cv::Mat found;
    cv::morphologyEx(dense, found, cv::MORPH_OPEN, cv::Mat::ones(piece, CV_8U));
    cv::dilate(found, found,
               cv::Mat::ones(piece.height == 1 ? cv::Size(length / 3, 5) : cv::Size(5, length / 3), CV_8U));
    lines |= found;
  }
  hits.setTo(0, lines);
}

/// Longer than a hair, and not one straight line, which is a fold.
bool is_stroke(const std::vector<cv::Point>& points, double per_mm) {
  if (std::ssize(points) < kLeastPixels) return false;
  const cv::RotatedRect around = cv::minAreaRect(points);
  const double length = std::max(around.size.width, around.size.height) / per_mm;
  const double thickness = std::min(around.size.width, around.size.height) / per_mm;
  return length >= 8 && thickness >= kLeastHeightMm;
}

}  // namespace

double faint_strokes(const Surface& surface, const cv::Mat& clear) {
  cv::Mat light;
  cv::Mat known;
  cv::resize(surface.light, light, {}, kScale, kScale, cv::INTER_AREA);
  if (std::min(light.cols, light.rows) < 8 * kReach) return 0;
  cv::dilate(clear, known, cv::Mat::ones(13, 13, CV_8U));
  cv::resize(known, known, light.size(), 0, 0, cv::INTER_NEAREST);
  cv::Mat band = fine_band(light);
  band.setTo(0, known);

  cv::Mat answer = along(band, 0);
  const float noise = noise_of(answer);
  for (int direction = 1; direction < kDirections; ++direction)
    cv::max(answer, along(band, direction), answer);
  cv::Mat hits = answer > std::max(kLeastAnswer, static_cast<float>(kNoiseFactor * noise));
  const double per_mm = surface.per_mm * kScale;
  const int edge = static_cast<int>(4 * per_mm);
  cv::Mat inside = cv::Mat::zeros(hits.size(), CV_8U);
  const cv::Rect middle =
      cv::Rect({}, hits.size()) & cv::Rect(edge, edge, hits.cols - 2 * edge, hits.rows - 2 * edge);
  if (middle.empty()) return 0;
  hits(middle).copyTo(inside(middle));
  remove_straight(inside, per_mm);

  cv::Mat joined;
  cv::Mat labels;
  cv::dilate(inside, joined, cv::Mat::ones(15, 15, CV_8U));
  const int count = cv::connectedComponents(joined, labels, 8, CV_32S);
  std::vector<std::vector<cv::Point>> groups(static_cast<std::size_t>(count));
  std::vector<cv::Point> points;
  cv::findNonZero(inside, points);
  for (const cv::Point& point : points)
    groups[static_cast<std::size_t>(labels.at<int>(point))].push_back(point);
  double area = 0;
  for (const auto& group : groups)
    if (is_stroke(group, per_mm)) area += static_cast<double>(group.size()) / (kScale * kScale);
  return area;
}

}  // namespace mailroom::ocr
