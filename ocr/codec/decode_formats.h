#pragma once

#include <string>

#include "ocr/codec/decode.h"

// What the decoders of this room share; not for other rooms.
namespace mailroom::ocr::formats {

/// What the caller wants out of a decoder.
struct Wish {
  bool grey = false;  ///< everything as luma, else grey or RGB as the file has it
  int longest = 0;    ///< where it is cheap the image may come out smaller, but not below this; 0: as it is
  DecodeLimits limits = {};
  int max_images = 1;
};

using Images = Result<std::vector<Pixels>>;

Images decode_jpeg(ByteView bytes, const Wish& wish);
Images decode_png(ByteView bytes, const Wish& wish);
Images decode_tiff(ByteView bytes, const Wish& wish);
Images decode_webp(ByteView bytes, const Wish& wish);
Images decode_pnm(ByteView bytes, const Wish& wish);

/// Errc::refused when an image of this size is beyond the limits; call it before taking memory.
Result<void> check_size(std::uint64_t width, std::uint64_t height, const DecodeLimits& limits);

/// Errc::refused when all images of a file together are beyond the limits.
Result<void> check_total(std::uint64_t pixels, const DecodeLimits& limits);

/// The error for a file with more images than wished for.
tl::unexpected<Error> too_many_images(const Wish& wish);

/// The error for bytes that are not a whole image. `format` as "JPEG", `why` in the library's words.
tl::unexpected<Error> damaged(const std::string& format, const std::string& why);

/// The error for an image that is whole but of a kind that is not offered.
tl::unexpected<Error> not_offered(const std::string& format, const std::string& why);

/// An image of this shape with its memory taken.
Pixels blank_pixels(int width, int height, int channels, int dpi);

Pixels grey_of(Pixels image);             ///< luma (ITU-R BT.601); grey stays as it is
Pixels grey_if_colourless(Pixels image);  ///< grey when every pixel has R = G = B

/// Lays one pixel's channel over white paper.
inline std::uint8_t over_white(unsigned value, unsigned alpha) {
  return static_cast<std::uint8_t>((value * alpha + 255U * (255U - alpha) + 127U) / 255U);
}

/// Applies a TIFF or EXIF orientation (1 to 8; TIFF 6.0 "Orientation"), so that the result reads as
/// a viewer shows it. Other values change nothing.
Pixels oriented(Pixels image, int orientation);

/// What the EXIF block of a JPEG says; fields stay at their defaults when absent or damaged.
struct Exif {
  int orientation = 1;
  int dpi = 0;
};

/// Reads the payload of an APP1 segment ("Exif\0\0" and a TIFF header, EXIF 2.3 §4.5).
Exif read_exif(ByteView segment);

}  // namespace mailroom::ocr::formats
