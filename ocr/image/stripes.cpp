#include "ocr/image/stripes.h"

#include <algorithm>
#include <cmath>

#include "ocr/image/opencv.h"
#include "ocr/image/pixels.h"

namespace mailroom::ocr {
namespace {

constexpr double kDpi = 150;  // modules of 0.25 mm, the smallest in use, are still told apart
constexpr double kWindowMm = 4.0;
constexpr double kMinSideMm = 4.5;  // a code of 4 mm; a line of bold print stays below
constexpr int kCoarser = 4;         // densities are measured on a grid coarser than the pixels
constexpr std::size_t kMaxRegions = 24;

/// What is darker than about half of the paper.
cv::Mat ink_of(const cv::Mat& grey) {
  cv::Mat sample;
  cv::resize(grey, sample, {}, 0.125, 0.125, cv::INTER_AREA);
  std::vector<std::uint8_t> values(sample.begin<std::uint8_t>(), sample.end<std::uint8_t>());
  const auto bright = values.begin() + static_cast<std::ptrdiff_t>(values.size() * 8 / 10);
  std::nth_element(values.begin(), bright, values.end());
  cv::Mat ink;
  cv::threshold(grey, ink, *bright * 0.62, 255, cv::THRESH_BINARY_INV);
  return ink;
}

/// Share of pixels with a change of colour next to them, in percent of 255.
cv::Mat edges_of(const cv::Mat& ink) {
  cv::Mat edges;
  cv::morphologyEx(ink, edges, cv::MORPH_GRADIENT, cv::Mat::ones(2, 2, CV_8U));
  return edges;
}

/// Mean of `mask` over the window, on the coarser grid.
cv::Mat density_of(const cv::Mat& mask, double per_mm) {
  cv::Mat coarse;
  cv::Mat density;
  cv::resize(mask, coarse, {}, 1.0 / kCoarser, 1.0 / kCoarser, cv::INTER_AREA);
  const int window = std::max(1, static_cast<int>(std::lround(kWindowMm * per_mm / kCoarser)));
  cv::blur(coarse, density, {window, window});
  return density;
}

std::vector<cv::Rect> pieces_of(const cv::Mat& mask) {
  cv::Mat labels;
  cv::Mat stats;
  cv::Mat centres;
  const int count = cv::connectedComponentsWithStats(mask, labels, stats, centres, 8);
  std::vector<cv::Rect> pieces;
  for (int i = 1; i < count; ++i)
    pieces.emplace_back(stats.at<int>(i, cv::CC_STAT_LEFT), stats.at<int>(i, cv::CC_STAT_TOP),
                        stats.at<int>(i, cv::CC_STAT_WIDTH), stats.at<int>(i, cv::CC_STAT_HEIGHT));
  return pieces;
}

}  // namespace

std::vector<Box> code_like_regions(const Pixels& page) {
  const Pixels grey = to_grey(page);
  if (std::min(grey.width, grey.height) < 40) return {};
  const double scale = std::min(1.0, kDpi / working_dpi(grey));
  const double per_mm = working_dpi(grey) * scale / 25.4;
  cv::Mat small;
  cv::resize(view_of(grey), small, {}, scale, scale, cv::INTER_AREA);
  const cv::Mat ink = ink_of(small);
  const cv::Mat cover = density_of(ink, per_mm);
  const cv::Mat busy = density_of(edges_of(ink), per_mm);
  const cv::Mat candidate = (cover > 84) & (cover < 200) & (busy > 54);
  const double to_page = kCoarser / scale;
  std::vector<Box> regions;
  for (const cv::Rect& found : pieces_of(candidate)) {
    const cv::Rect wide =
        grown(found, static_cast<int>(kWindowMm * per_mm / kCoarser / 3 + 0.5), candidate.size());
    const auto up = [to_page](int value) { return static_cast<int>(std::lround(value * to_page)); };
    const cv::Rect full(up(wide.x), up(wide.y), up(wide.width), up(wide.height));
    const cv::Rect box = full & cv::Rect(0, 0, grey.width, grey.height);
    if (std::min(box.width, box.height) >= kMinSideMm * per_mm / scale) regions.push_back(box_of(box));
  }
  std::sort(regions.begin(), regions.end(),
            [](const Box& a, const Box& b) { return a.width * a.height > b.width * b.height; });
  if (regions.size() > kMaxRegions) regions.resize(kMaxRegions);
  return regions;
}

Pixels cut_out(const Pixels& image, const Box& box, int margin) {
  const cv::Mat whole = view_of(image);
  const cv::Rect rect = grown(rect_of(box), margin, whole.size());
  return pixels_of(whole(rect).clone(), image.dpi);
}

}  // namespace mailroom::ocr
