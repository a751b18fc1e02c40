#pragma once

#include <array>
#include <string>

#include "daemon/base/result.h"
#include "ocr/pdf/pdf_writer.h"

namespace mailroom::ocr {

/// A decimal number as PDF writes it: point, no exponent, three places at most.
std::string pdf_number(double value);

/// A rectangle on the upright page, in points (1/72 inch), origin bottom left.
struct PointBox {
  double left = 0;
  double bottom = 0;
  double width = 0;
  double height = 0;
};

/// How the captured pixels lie on the page: turned upright and deskewed about the centre. The page
/// is as large as the turned image needs, so that no captured pixel falls off it.
class PageGeometry {
 public:
  /// Errc::invalid_input for a resolution, rotation or skew that is none; Errc::unsupported for an
  /// image longer than PDF/A allows a page to be (ISO 19005-2 §6.1.13).
  static Result<PageGeometry> of(const PdfPage& page);

  [[nodiscard]] double width() const { return width_; }
  [[nodiscard]] double height() const { return height_; }

  /// The operands of `cm` that put the image's unit square in place.
  [[nodiscard]] std::array<double, 6> image_matrix() const;

  /// The word inside `box`, an axis-aligned box in captured pixels around a possibly slanted word,
  /// as an upright rectangle on the page.
  [[nodiscard]] PointBox word_box(const Box& box) const;

  /// The upright rectangle that holds all of `box`, kept within the page.
  [[nodiscard]] PointBox crop_box(const Box& box) const;

 private:
  struct Point {
    double x;
    double y;
  };
  [[nodiscard]] Point on_page(double pixel_x, double pixel_y) const;

  double pixels_wide_ = 0;
  double pixels_high_ = 0;
  double points_per_pixel_ = 0;
  bool on_its_side_ = false;
  double skew_ = 0;  // radians
  double cosine_ = 1;
  double sine_ = 0;
  double width_ = 0;
  double height_ = 0;
};

}  // namespace mailroom::ocr
