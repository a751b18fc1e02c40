#pragma once

#include "ocr/image/surface.h"

// Part of inspection.cpp; not for other rooms.
namespace mailroom::ocr {

/// The area (surface pixels) of faint but sharp strokes, as a pencil leaves them; 0 when there are
/// none. `clear` (255 = ink) marks what was looked at already and is left out.
///
/// Averages along eight directions, so that a stroke stands out of the noise, in a band so fine that
/// show-through, which paper blurs to half a millimetre and more, hardly answers. What counts must
/// stand out of this page's own noise and be longer than a hair.
double faint_strokes(const Surface& surface, const cv::Mat& clear);

}  // namespace mailroom::ocr
