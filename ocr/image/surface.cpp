#include "ocr/image/surface.h"

#include <algorithm>
#include <cmath>

#include "ocr/image/pixels.h"

namespace mailroom::ocr {
namespace {

/// The paper: a wide median, taken at a third (`shrink`) of the resolution where it is cheap.
cv::Mat paper_of(const cv::Mat& light, int shrink) {
  cv::Mat small;
  cv::Mat median;
  cv::Mat paper;
  cv::resize(light, small, cv::Size(std::max(1, light.cols / shrink), std::max(1, light.rows / shrink)), 0, 0,
             cv::INTER_AREA);
  cv::medianBlur(small, median, 31);
  cv::resize(median, paper, light.size(), 0, 0, cv::INTER_LINEAR);
  return paper;
}

bool is_dust(const Mark& mark, const Surface& surface) {
  return mark.length < surface.px(0.5);
}

bool touches_edge(const Mark& mark, const cv::Size& size, const Surface& surface) {
  const int edge = surface.px(1.0);
  return mark.box.x < edge || mark.box.y < edge || mark.box.br().x > size.width - edge ||
         mark.box.br().y > size.height - edge;
}

/// A round hole of 4 to 9 mm with its centre at most 20 mm from an edge (ISO 838: 6 mm, 12 mm).
bool is_punch_hole(const Mark& mark, const cv::Size& size, const Surface& surface) {
  const double wide = mark.box.width / surface.per_mm;
  const double high = mark.box.height / surface.per_mm;
  const double roundness = mark.filled / (static_cast<double>(mark.box.width) * mark.box.height);
  const int to_side = std::min(mark.box.x, size.width - mark.box.br().x);
  const int to_end = std::min(mark.box.y, size.height - mark.box.br().y);
  return wide > 3.5 && wide < 9 && high > 3.5 && high < 9 && wide / high > 0.8 && wide / high < 1.25 &&
         roundness > 0.68 && roundness < 0.88 && std::min(to_side, to_end) < surface.px(17);
}

bool is_lone_line(const Mark& mark, const Surface& surface) {
  return mark.length >= surface.px(25) && mark.thickness <= surface.px(1.6);
}

Mark mark_of(const std::vector<cv::Point>& outline, double area) {
  const cv::RotatedRect around = cv::minAreaRect(outline);
  Mark mark;
  mark.box = cv::boundingRect(outline);
  mark.area = area;
  mark.length = std::max(around.size.width, around.size.height) + 1;
  mark.thickness = std::min(around.size.width, around.size.height) + 1;
  mark.filled = cv::contourArea(outline) + cv::arcLength(outline, true) / 2 + 1;
  return mark;
}

}  // namespace

Surface surface_of(const Pixels& page, double dpi) {
  const Pixels dark = page.channels == 3 ? darkest_channel(page) : Pixels{};
  const cv::Mat whole = view_of(page.channels == 3 ? dark : page);
  Surface surface;
  surface.scale = std::min(1.0, dpi / working_dpi(page));
  surface.per_mm = working_dpi(page) * surface.scale / 25.4;
  const cv::Size size(std::max(1, static_cast<int>(std::lround(page.width * surface.scale))),
                      std::max(1, static_cast<int>(std::lround(page.height * surface.scale))));
  cv::resize(whole, surface.light, size, 0, 0, cv::INTER_AREA);
  cv::subtract(paper_of(surface.light, std::max(1, int(dpi / 50))), surface.light, surface.contrast);
  return surface;
}

std::vector<Mark> marks_in(const cv::Mat& mask, const Surface& surface) {
  std::vector<std::vector<cv::Point>> outlines;
  cv::findContours(mask, outlines, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_SIMPLE);
  std::vector<Mark> marks;
  for (const auto& outline : outlines) {
    const cv::Rect box = cv::boundingRect(outline);
    const Mark mark = mark_of(outline, cv::countNonZero(mask(box)));
    if (is_dust(mark, surface) || touches_edge(mark, mask.size(), surface)) continue;
    if (is_punch_hole(mark, mask.size(), surface) || is_lone_line(mark, surface)) continue;
    marks.push_back(mark);
  }
  return marks;
}

}  // namespace mailroom::ocr
