#pragma once

#include <opencv2/imgproc.hpp>

#include "daemon/document/page_report.h"
#include "ocr/codec/decode.h"

// Between our pixels and OpenCV's; not for other rooms.
namespace mailroom::ocr {

/// `image` as a Mat without copying: lives as long as the pixels, must not be written to. Also sees
/// to it that OpenCV stays on the calling thread: there is one worker a core already.
cv::Mat view_of(const Pixels& image);

/// A copy of `mat` (8 bits, 1 or 3 channels) as Pixels.
Pixels pixels_of(const cv::Mat& mat, int dpi);

inline Box box_of(const cv::Rect& rect) {
  return {rect.x, rect.y, rect.width, rect.height};
}
inline cv::Rect rect_of(const Box& box) {
  return {box.x, box.y, box.width, box.height};
}

/// `rect` grown by `margin` on each side, within `size`.
cv::Rect grown(const cv::Rect& rect, int margin, const cv::Size& size);

}  // namespace mailroom::ocr
