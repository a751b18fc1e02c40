#pragma once

#include <optional>

#include "ocr/image/opencv.h"

// Part of likeness.cpp; not for other rooms.
namespace mailroom::ocr {

/// How to lay one image over another.
struct Placed {
  cv::Mat map;          ///< 2x3, from dots of the second to dots of the first
  bool turned = false;  ///< by half a turn
  bool sure = false;    ///< enough pieces agree
};

/// Lays `second` on `first`, both the contrast of ink to paper (8 bits) at `dpi`. `lean` is the turn in
/// degrees that their text lines suggest. nullopt when too few pieces of the one are found in the other: they
/// are two pictures.
std::optional<Placed> place_on(const cv::Mat& first, const cv::Mat& second, double lean, double dpi);

}  // namespace mailroom::ocr
