#include "daemon/document/image.h"

namespace mailroom {

std::string_view media_type_of(ImageFormat format) {
  return format == ImageFormat::jpeg ? "image/jpeg" : "image/tiff";
}

std::string_view suffix_of(ImageFormat format) {
  return format == ImageFormat::jpeg ? ".jpg" : ".tif";
}

Result<ImageFormat> image_format_from(std::string_view media_type) {
  if (media_type == "image/jpeg") return ImageFormat::jpeg;
  if (media_type == "image/tiff") return ImageFormat::tiff;
  return fail(Errc::corrupt, "'" + std::string(media_type) + "' is not a format of captured images");
}

std::string_view name_of(Side side) { return side == Side::front ? "front" : "back"; }

Result<Side> side_from(std::string_view name) {
  if (name == "front") return Side::front;
  if (name == "back") return Side::back;
  return fail(Errc::corrupt, "'" + std::string(name) + "' is not a side of a sheet");
}

}  // namespace mailroom
