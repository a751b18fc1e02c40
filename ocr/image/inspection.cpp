#include "ocr/image/inspection.h"

#include <algorithm>
#include <array>

#include "ocr/image/faint_strokes.h"
#include "ocr/image/surface.h"

namespace mailroom::ocr {
namespace {

constexpr double kClearContrast = 25;  // grey levels darker than the paper: print, ink, stamps
constexpr double kGoodContrast = 60;   // below it recognition suffers
constexpr double kCornerMm = 12;       // registration marks of forms and test sheets sit in there
constexpr double kBorderLevel = 70;    // the scanner's black background

/// Marks near enough to be read together: a word, a signature, a stamp.
struct Group {
  cv::Rect box;
  double area = 0;
  double longest = 0;  ///< of its marks
  int marks = 0;
};

bool in_corner(const cv::Rect& box, const cv::Size& size, int corner) {
  const bool side = box.br().x <= corner || box.x >= size.width - corner;
  const bool end = box.br().y <= corner || box.y >= size.height - corner;
  return side && end;
}

std::vector<Group> groups_of(const std::vector<Mark>& marks, const Surface& surface) {
  cv::Mat joined = cv::Mat::zeros(surface.light.size(), CV_8U);
  for (const Mark& mark : marks)
    cv::rectangle(joined, grown(mark.box, surface.px(1.2), joined.size()), 255, cv::FILLED);
  cv::Mat labels;
  const int count = cv::connectedComponents(joined, labels, 8, CV_32S);
  std::vector<Group> groups(static_cast<std::size_t>(std::max(0, count - 1)));
  for (const Mark& mark : marks) {
    Group& group = groups[static_cast<std::size_t>(labels.at<int>(mark.box.y, mark.box.x)) - 1];
    group.box = group.marks == 0 ? mark.box : group.box | mark.box;
    group.area += mark.area;
    group.longest = std::max(group.longest, mark.length);
    ++group.marks;
  }
  return groups;
}

/// A hair or a crumb is one short piece; a word has several letters, a signature is long. A broken
/// line thinner than the smallest print is a fold or a streak of the scanner.
bool is_content(const Group& group, const Surface& surface) {
  if (std::min(group.box.width, group.box.height) < surface.px(1)) return false;
  const double mm2 = group.area / (surface.per_mm * surface.per_mm);
  const bool several = group.marks >= 3 && std::max(group.box.width, group.box.height) >= surface.px(4);
  const bool large = group.longest >= surface.px(9) || mm2 >= 12;
  return mm2 >= 0.8 && (several || large) &&
         !in_corner(group.box, surface.light.size(), surface.px(kCornerMm));
}

/// How many lines from one side are almost wholly black, seen over a profile of mean lightness.
int dark_lines(const std::vector<double>& lightness) {
  const auto end =
      std::find_if(lightness.begin(), lightness.end(), [](double v) { return v > kBorderLevel; });
  return end == lightness.end() ? 0 : static_cast<int>(end - lightness.begin());
}

std::vector<double> profile(const cv::Mat& light, int dimension) {
  cv::Mat mean;
  cv::reduce(light, mean, dimension, cv::REDUCE_AVG, CV_64F);
  return {mean.begin<double>(), mean.end<double>()};
}

Box paper_in(const Surface& surface, const Pixels& page) {
  std::vector<double> rows = profile(surface.light, 1);
  std::vector<double> columns = profile(surface.light, 0);
  const int top = dark_lines(rows);
  const int left = dark_lines(columns);
  std::reverse(rows.begin(), rows.end());
  std::reverse(columns.begin(), columns.end());
  const int bottom = dark_lines(rows);
  const int right = dark_lines(columns);
  const auto up = [&](int value) { return static_cast<int>(value / surface.scale); };
  return {up(left), up(top), page.width - up(left) - up(right), page.height - up(top) - up(bottom)};
}

/// The contrast that the darker tenth of the marked pixels reaches.
double contrast_of(const Surface& surface, const cv::Mat& ink) {
  std::array<long, 256> counts{};
  long total = 0;
  for (int y = 0; y < ink.rows; ++y)
    for (int x = 0; x < ink.cols; ++x)
      if (ink.at<std::uint8_t>(y, x) != 0) ++counts[surface.contrast.at<std::uint8_t>(y, x)], ++total;
  long above = 0;
  for (int level = 255; level > 0; --level)
    if ((above += counts[static_cast<std::size_t>(level)]) * 10 >= total) return level;
  return 0;
}

}  // namespace

Inspection inspect(const Pixels& page) {
  const Surface surface = surface_of(page);
  Inspection result;
  result.paper = paper_in(surface, page);
  cv::Mat clear;
  cv::threshold(surface.contrast, clear, kClearContrast, 255, cv::THRESH_BINARY);
  double ink = 0;
  for (const Group& group : groups_of(marks_in(clear, surface), surface))
    if (is_content(group, surface)) ink += group.area;
  if (ink > 0) {
    result.low_contrast = contrast_of(surface, clear) < kGoodContrast;
  } else {
    ink = faint_strokes(surface, clear);
    result.low_contrast = ink > 0;
  }
  result.ink = std::min(1.0, ink / static_cast<double>(surface.light.total()));
  result.blank = ink <= 0;
  return result;
}

}  // namespace mailroom::ocr
