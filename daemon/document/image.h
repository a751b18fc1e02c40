#pragma once

#include <string>
#include <string_view>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"

namespace mailroom {

/// How the pixels of a captured image are coded, or what kind a received file is: that is kept like a side.
/// The names are persistent (docs/formats/spool.md).
enum class ImageFormat {
  jpeg,  ///< grey or colour, baseline JFIF
  tiff,  ///< 1 bit, one strip of CCITT group 4 (T.6); never a symbol-coding method
  xml,   ///< a received XML file
  pdf,   ///< a received PDF file
  mail,  ///< a received e-mail (RFC 5322)
};

std::string_view media_type_of(ImageFormat format);  ///< "image/jpeg", "application/xml", ...
std::string_view suffix_of(ImageFormat format);      ///< ".jpg", ".tif", ".xml", ".pdf", ".eml"
bool is_received_file(ImageFormat format);           ///< xml, pdf or mail: no picture
Result<ImageFormat> image_format_from(std::string_view media_type);

/// Which side of a sheet. The names are persistent.
enum class Side { front, back };
std::string_view name_of(Side side);
Result<Side> side_from(std::string_view name);

/// A scanned side exactly as it was encoded at capture: these bytes are the original and are never
/// altered.
struct CapturedImage {
  int sheet = 0;             ///< 1-based, counted by the feed
  Side side = Side::front;
  ImageFormat format = ImageFormat::jpeg;
  int width = 0;             ///< pixels
  int height = 0;            ///< pixels
  int dpi = 0;               ///< same in both directions
  int channels = 1;          ///< 1 grey or bilevel, 3 RGB
  int bits = 8;              ///< per channel: 1 or 8
  std::string sha256 = {};   ///< of `bytes`, lower-case hex; computed where the bytes were made
  Bytes bytes = {};
};

}  // namespace mailroom
