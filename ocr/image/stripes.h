#pragma once

#include <vector>

#include "daemon/document/page_report.h"
#include "ocr/codec/decode.h"

namespace mailroom::ocr {

/// Places that look like a barcode of some kind: dense, strong edges over a compact area, whatever
/// the direction. Cheap (about 8 ms for A4 at 300 dpi) and generous: pictures and dense tables may be
/// among them, a legible code of at least 5 mm hardly ever is missing. Largest first, at most 24.
std::vector<Box> code_like_regions(const Pixels& page);

/// The part of `image` inside `box` with `margin` pixels around it, as far as there are any.
Pixels cut_out(const Pixels& image, const Box& box, int margin);

}  // namespace mailroom::ocr
