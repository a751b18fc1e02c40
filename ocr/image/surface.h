#pragma once

#include <vector>

#include "ocr/image/opencv.h"

// What inspection.cpp and only_codes.cpp share; not for other rooms.
namespace mailroom::ocr {

/// A page reduced to one resolution with its paper taken away.
struct Surface {
  cv::Mat light;      ///< 8 bits, reduced page (darkest channel for RGB)
  cv::Mat contrast;   ///< 8 bits, how much darker than the paper around it
  double scale = 1;   ///< surface pixels per page pixel
  double per_mm = 1;  ///< surface pixels per millimetre of paper

  [[nodiscard]] int px(double mm) const { return std::max(1, static_cast<int>(mm * per_mm + 0.5)); }
};

/// At `dpi`, or the page's own resolution when that is lower.
Surface surface_of(const Pixels& page, double dpi = 150);

/// One connected piece of ink.
struct Mark {
  cv::Rect box;
  double area = 0;       ///< ink, surface pixels
  double length = 0;     ///< longer side of the smallest turned rectangle around it
  double thickness = 0;  ///< shorter side of that rectangle
  double filled = 0;     ///< area with its holes filled
};

/// The pieces of ink of `mask` (255 = ink) that a person or a printer made: without dust, punch
/// holes, what touches the edge of the picture and lone straight lines from edge shadows and folds.
std::vector<Mark> marks_in(const cv::Mat& mask, const Surface& surface);

}  // namespace mailroom::ocr
