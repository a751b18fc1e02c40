#pragma once

#include <string>

#include "ocr/codec/decode.h"

// Files of every kind, made by the libraries other programs write them with.
namespace mailroom::test {

/// A slope from dark to light with a black corner top left, so that turns and swaps show.
ocr::Pixels sample(int width, int height, int channels);

Bytes as_jpeg(const ocr::Pixels& image, int exif_orientation = 0);
Bytes as_cmyk_jpeg(int width, int height, std::uint8_t ink);
Bytes as_png(const ocr::Pixels& image, int bits = 8, bool alpha = false);
Bytes as_webp(const ocr::Pixels& image);
Bytes as_pnm(const ocr::Pixels& image);

struct TiffKind {
  int compression = 1;
  int bits = 8;
  int orientation = 1;
  bool tiled = false;
  int pages = 1;
};
Bytes as_tiff(const ocr::Pixels& image, const TiffKind& kind);

}  // namespace mailroom::test
