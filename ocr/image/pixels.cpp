#include "ocr/image/pixels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "ocr/image/opencv.h"

namespace mailroom::ocr {

namespace {

/// The grey value that `share` of the pixels do not exceed.
int quantile(const std::array<std::size_t, 256>& histogram, std::size_t pixels, double share) {
  const auto wanted = std::size_t(double(pixels) * share);
  std::size_t seen = 0;
  for (int value = 0; value < 256; ++value) {
    seen += histogram[std::size_t(value)];
    if (seen > wanted) return value;
  }
  return 255;
}

/// Otsu's threshold parts the grain of the paper from itself when there is much grain and little ink. Then
/// half way between paper and ink is better; nullopt: Otsu's is good.
std::optional<double> threshold_below_grain(const Pixels& grey, int otsu) {
  constexpr double kInkOfFewLines = 0.0005;  // share of a page's pixels
  std::array<std::size_t, 256> histogram{};
  for (const auto value : grey.data) ++histogram[value];
  const int paper = int(std::max_element(histogram.begin(), histogram.end()) - histogram.begin());
  const int ink = quantile(histogram, grey.data.size(), kInkOfFewLines);
  const int grain = std::max(1, paper - quantile(histogram, grey.data.size(), 0.25));
  const bool within_grain = paper > 127 && paper - otsu < 3 * grain;
  if (!within_grain || ink > paper - 4 * grain) return std::nullopt;
  return (paper + ink) / 2.0;
}

}  // namespace

cv::Mat view_of(const Pixels& image) {
  static const bool single_threaded = (cv::setNumThreads(1), true);
  (void)single_threaded;
  return {image.height, image.width, image.channels == 3 ? CV_8UC3 : CV_8UC1,
          const_cast<std::uint8_t*>(image.data.data())};
}

Pixels pixels_of(const cv::Mat& mat, int dpi) {
  const cv::Mat packed = mat.isContinuous() ? mat : mat.clone();
  return {packed.cols, packed.rows, dpi, packed.channels(),
          Bytes(packed.datastart, packed.datastart + packed.total() * packed.elemSize())};
}

cv::Rect grown(const cv::Rect& rect, int margin, const cv::Size& size) {
  const cv::Rect wide(rect.x - margin, rect.y - margin, rect.width + 2 * margin, rect.height + 2 * margin);
  return wide & cv::Rect({}, size);
}

Pixels to_grey(const Pixels& image) {
  if (image.channels == 1) return image;
  cv::Mat grey;
  cv::cvtColor(view_of(image), grey, cv::COLOR_RGB2GRAY);
  return pixels_of(grey, image.dpi);
}

Pixels darkest_channel(const Pixels& image) {
  if (image.channels == 1) return image;
  Pixels dark{image.width, image.height, image.dpi, 1, Bytes(image.data.size() / 3)};
  for (std::size_t i = 0; i < dark.data.size(); ++i) {
    const std::uint8_t* rgb = &image.data[3 * i];
    dark.data[i] = std::min({rgb[0], rgb[1], rgb[2]});
  }
  return dark;
}

Pixels turned(const Pixels& image, int degrees_clockwise) {
  cv::Mat out;
  switch (degrees_clockwise) {
    case 90: cv::rotate(view_of(image), out, cv::ROTATE_90_CLOCKWISE); break;
    case 180: cv::rotate(view_of(image), out, cv::ROTATE_180); break;
    case 270: cv::rotate(view_of(image), out, cv::ROTATE_90_COUNTERCLOCKWISE); break;
    default: return image;
  }
  return pixels_of(out, image.dpi);
}

Pixels tilted(const Pixels& image, double degrees_clockwise) {
  const cv::Point2f centre(static_cast<float>(image.width) / 2, static_cast<float>(image.height) / 2);
  cv::Mat turn = cv::getRotationMatrix2D(centre, -degrees_clockwise, 1.0);
  const auto corners =
      cv::RotatedRect(centre, cv::Size2f(static_cast<float>(image.width), static_cast<float>(image.height)),
                      static_cast<float>(degrees_clockwise))
          .boundingRect2f();
  turn.at<double>(0, 2) -= corners.x;
  turn.at<double>(1, 2) -= corners.y;
  cv::Mat out;
  const cv::Size size(static_cast<int>(std::ceil(corners.width)),
                      static_cast<int>(std::ceil(corners.height)));
  cv::warpAffine(view_of(image), out, turn, size, cv::INTER_LINEAR, cv::BORDER_CONSTANT,
                 cv::Scalar::all(255));
  return pixels_of(out, image.dpi);
}

Pixels scaled(const Pixels& image, double factor) {
  factor = std::clamp(factor, 0.05, 4.0);
  const cv::Size size(std::max(1, static_cast<int>(std::lround(image.width * factor))),
                      std::max(1, static_cast<int>(std::lround(image.height * factor))));
  cv::Mat out;
  cv::resize(view_of(image), out, size, 0, 0, factor < 1 ? cv::INTER_AREA : cv::INTER_CUBIC);
  return pixels_of(out, static_cast<int>(std::lround(image.dpi * factor)));
}

Pixels with_margin(const Pixels& image, int margin) {
  cv::Mat out;
  cv::copyMakeBorder(view_of(image), out, margin, margin, margin, margin, cv::BORDER_CONSTANT,
                     cv::Scalar::all(255));
  return pixels_of(out, image.dpi);
}

Pixels binarised(const Pixels& image) {
  const Pixels grey = to_grey(image);
  cv::Mat out;
  const double otsu = cv::threshold(view_of(grey), out, 0, 255, cv::THRESH_BINARY | cv::THRESH_OTSU);
  if (const auto below = threshold_below_grain(grey, int(otsu)))
    cv::threshold(view_of(grey), out, *below, 255, cv::THRESH_BINARY);
  return pixels_of(out, image.dpi);
}

int working_dpi(const Pixels& image) {
  if (image.dpi >= 50 && image.dpi <= 2400) return image.dpi;
  constexpr double kA4Diagonal = 14.32;  // inches
  const double dpi = std::hypot(image.width, image.height) / kA4Diagonal;
  return std::clamp(static_cast<int>(std::lround(dpi)), 50, 2400);
}

}  // namespace mailroom::ocr
