#pragma once

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"
#include "daemon/document/image.h"

namespace mailroom::ocr {

/// Raw pixels as a scanner delivers them, top row first. Rows are not padded beyond `stride`.
struct RawImage {
  int width = 0;    ///< pixels
  int height = 0;   ///< pixels
  int dpi = 0;
  int channels = 1; ///< 1 or 3 (RGB)
  int bits = 8;     ///< 8, or 1: eight pixels a byte, most significant first, set bit = black
  int stride = 0;   ///< bytes a row
  ByteView pixels;  ///< stride * height bytes; not owned
};

/// Encodes a captured side once and for all: 1 bit as CCITT group 4 in a one-strip TIFF, 8 bit as
/// baseline JPEG (JFIF with the resolution, 4:4:4 when RGB, `quality` 1 to 100). Fills in sha256;
/// sheet and side stay for the caller. Errc::invalid_input when the numbers contradict each other.
/// Reentrant.
Result<CapturedImage> encode_capture(const RawImage& image, int quality);

/// The group 4 bit stream inside a TIFF made by encode_capture(), a view into `tiff`; what a PDF
/// embeds with /CCITTFaxDecode, /K -1, /BlackIs1 false.
Result<ByteView> group4_strip_of(ByteView tiff);

}  // namespace mailroom::ocr
