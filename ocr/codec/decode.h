#pragma once

#include <string>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"

namespace mailroom::ocr {

/// Decoded pixels, grey or RGB, 8 bits a channel, rows packed, top row first.
struct Pixels {
  int width = 0;
  int height = 0;
  int dpi = 0;       ///< 0 when the file does not say
  int channels = 1;  ///< 1 grey, 3 RGB
  Bytes data;
};

/// Bounds on what an image may claim, checked from its header before memory is taken.
struct DecodeLimits {
  int max_side = 25000;                            ///< pixels
  std::uint64_t max_pixels = 200'000'000;          ///< width times height; long paper at 600 dpi fits
  std::uint64_t max_total_pixels = 1'000'000'000;  ///< of all images of a file together
};

/// True when `bytes` begin like an image this room decodes (JPEG, PNG, TIFF, WebP, PNM).
bool looks_like_image(ByteView bytes);

/// All images of a file (several only for TIFF). Damaged bytes are Errc::corrupt, an image beyond
/// the limits is Errc::refused, and a truncated image is Errc::corrupt too: half a page is never
/// passed off as a whole one. `max_images` bounds a TIFF with a looping directory chain.
///
/// Grey stays grey, bilevel and grey palettes become grey, all else becomes RGB; 16 bits are cut to 8,
/// alpha is laid over white paper, CMYK is converted without a profile. The EXIF orientation of a
/// JPEG and the orientation tag of a TIFF are applied: the first row is what a viewer shows on top.
/// Reentrant. Formats: ITU-T T.81 with JFIF and EXIF 2.3, PNG 3rd edition, TIFF 6.0, RFC 9649, PNM.
Result<std::vector<Pixels>> decode_images(ByteView bytes, const DecodeLimits& limits = {},
                                          int max_images = 500);

/// As decode_images(), but all images come out grey (luma, ITU-R BT.601). For JPEG this skips the
/// colour conversion altogether and costs about a third of decoding to RGB.
Result<std::vector<Pixels>> decode_grey(ByteView bytes, const DecodeLimits& limits = {},
                                        int max_images = 500);

/// As decode_images(), for a thumbnail of at most `longest` pixels a side: a JPEG comes out at a half, a
/// quarter or an eighth as long as its longer side stays at or above that, which costs a fraction of
/// decoding it whole. The resolution is still the file's.
Result<std::vector<Pixels>> decode_small(ByteView bytes, int longest, const DecodeLimits& limits = {});

}  // namespace mailroom::ocr
