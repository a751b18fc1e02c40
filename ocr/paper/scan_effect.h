#pragma once

#include <cstdint>

#include "ocr/codec/decode.h"

namespace mailroom::ocr {

/// Makes a clean drawing look like a scanned sheet: ink and paper that are not quite black and
/// white, the sensor's noise, a few specks of dust. The same seed gives the same pixels.
void scan_like(Pixels& page, std::uint32_t seed);

/// The empty back of `front` as a scanner sees it through thin paper: mirrored, pale, blurred.
Pixels shining_through(const Pixels& front);

}  // namespace mailroom::ocr
