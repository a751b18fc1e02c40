#include "ocr/pdf/page_geometry.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>

namespace mailroom::ocr {
namespace {

constexpr double kSmallestPage = 3;  // points, ISO 19005-2 §6.1.13
constexpr double kLargestPage = 14400;
constexpr double kLargestSkew = 45;

struct Turn {
  double cosine;
  double sine;
};

// Quarter turns are exact: a page without skew keeps whole numbers and its exact size.
Turn clockwise(int quarter_turns, double skew) {
  static constexpr std::array<Turn, 4> kQuarters{Turn{1, 0}, Turn{0, -1}, Turn{-1, 0}, Turn{0, 1}};
  const Turn quarter = kQuarters[static_cast<std::size_t>(quarter_turns)];
  const double c = std::cos(skew);
  const double s = -std::sin(skew);
  return {quarter.cosine * c - quarter.sine * s, quarter.sine * c + quarter.cosine * s};
}

Result<void> check(const PdfPage& page) {
  const CapturedImage& image = *page.image;
  if (image.width <= 0 || image.height <= 0 || image.dpi <= 0) {
    return fail(Errc::invalid_input, "the image has no size or no resolution");
  }
  if (page.report == nullptr) return {};
  const int rotation = page.report->rotation;
  const double skew = page.report->skew_degrees;
  if (rotation < 0 || rotation > 270 || rotation % 90 != 0 || !std::isfinite(skew) ||
      std::abs(skew) > kLargestSkew) {
    return fail(Errc::invalid_input, "the page's rotation or skew is out of range");
  }
  return {};
}

}  // namespace

std::string pdf_number(double value) {
  std::array<char, 64> buffer{};
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, 3);
  std::string text(buffer.data(), end.ptr);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text == "-0" ? "0" : text;
}

Result<PageGeometry> PageGeometry::of(const PdfPage& page) {
  MAILROOM_TRY_VOID(check(page));
  PageGeometry geometry;
  geometry.pixels_wide_ = page.image->width;
  geometry.pixels_high_ = page.image->height;
  geometry.points_per_pixel_ = 72.0 / page.image->dpi;
  if (page.report != nullptr) {
    geometry.on_its_side_ = page.report->rotation % 180 != 0;
    geometry.skew_ = page.report->skew_degrees * std::numbers::pi / 180;
    const Turn turn = clockwise(page.report->rotation / 90, geometry.skew_);
    geometry.cosine_ = turn.cosine;
    geometry.sine_ = turn.sine;
  }
  const double wide = geometry.pixels_wide_ * geometry.points_per_pixel_;
  const double high = geometry.pixels_high_ * geometry.points_per_pixel_;
  const double c = std::abs(geometry.cosine_);
  const double s = std::abs(geometry.sine_);
  geometry.width_ = std::max(wide * c + high * s, kSmallestPage);
  geometry.height_ = std::max(wide * s + high * c, kSmallestPage);
  if (std::max(geometry.width_, geometry.height_) > kLargestPage) {
    return fail(Errc::unsupported, "the page is longer than the 5.08 m that PDF/A allows");
  }
  return geometry;
}

PageGeometry::Point PageGeometry::on_page(double pixel_x, double pixel_y) const {
  const double x = (pixel_x - pixels_wide_ / 2) * points_per_pixel_;
  const double y = (pixels_high_ / 2 - pixel_y) * points_per_pixel_;
  return {x * cosine_ - y * sine_ + width_ / 2, x * sine_ + y * cosine_ + height_ / 2};
}

std::array<double, 6> PageGeometry::image_matrix() const {
  const Point origin = on_page(0, pixels_high_);
  const Point right = on_page(pixels_wide_, pixels_high_);
  const Point top = on_page(0, 0);
  return {right.x - origin.x, right.y - origin.y, top.x - origin.x, top.y - origin.y, origin.x, origin.y};
}

PointBox PageGeometry::word_box(const Box& box) const {
  double wide = (on_its_side_ ? box.height : box.width) * points_per_pixel_;
  double high = (on_its_side_ ? box.width : box.height) * points_per_pixel_;
  // A slanted w by h word fills an axis-aligned box of (w cos + h sin) by (w sin + h cos); solved for
  // w and h. Ink does not reach the corners, hence the floor.
  const double c = std::cos(skew_);
  const double s = std::abs(std::sin(skew_));
  const double determinant = c * c - s * s;
  if (s > 0 && determinant > 0.1) {
    const double slanted_wide = wide;
    wide = std::max((wide * c - high * s) / determinant, 0.5 * wide);
    high = std::max((high * c - slanted_wide * s) / determinant, 0.4 * high);
  }
  const Point centre = on_page(box.x + box.width / 2.0, box.y + box.height / 2.0);
  return {centre.x - wide / 2, centre.y - high / 2, wide, high};
}

PointBox PageGeometry::crop_box(const Box& box) const {
  const std::array<Point, 4> corners{on_page(box.x, box.y), on_page(box.x + box.width, box.y),
                                     on_page(box.x, box.y + box.height),
                                     on_page(box.x + box.width, box.y + box.height)};
  const auto by_x = [](const Point& a, const Point& b) { return a.x < b.x; };
  const auto by_y = [](const Point& a, const Point& b) { return a.y < b.y; };
  const auto [left, right] = std::minmax_element(corners.begin(), corners.end(), by_x);
  const auto [bottom, top] = std::minmax_element(corners.begin(), corners.end(), by_y);
  const double x = std::clamp(left->x, 0.0, width_ - kSmallestPage);
  const double y = std::clamp(bottom->y, 0.0, height_ - kSmallestPage);
  return {x, y, std::clamp(right->x - x, kSmallestPage, width_ - x),
          std::clamp(top->y - y, kSmallestPage, height_ - y)};
}

}  // namespace mailroom::ocr
