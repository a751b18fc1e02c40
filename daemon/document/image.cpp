#include "daemon/document/image.h"

#include <array>

namespace mailroom {
namespace {

struct FormatNames {
  ImageFormat format;
  std::string_view media_type;
  std::string_view suffix;
};
constexpr std::array kFormats = {FormatNames{ImageFormat::jpeg, "image/jpeg", ".jpg"},
                                 FormatNames{ImageFormat::tiff, "image/tiff", ".tif"},
                                 FormatNames{ImageFormat::xml, "application/xml", ".xml"},
                                 FormatNames{ImageFormat::pdf, "application/pdf", ".pdf"},
                                 FormatNames{ImageFormat::mail, "message/rfc822", ".eml"}};

const FormatNames& names_of(ImageFormat format) {
  for (const FormatNames& names : kFormats) {
    if (names.format == format) return names;
  }
  return kFormats.front();
}

}  // namespace

std::string_view media_type_of(ImageFormat format) { return names_of(format).media_type; }

std::string_view suffix_of(ImageFormat format) { return names_of(format).suffix; }

bool is_received_file(ImageFormat format) {
  return format == ImageFormat::xml || format == ImageFormat::pdf || format == ImageFormat::mail;
}

Result<ImageFormat> image_format_from(std::string_view media_type) {
  for (const FormatNames& names : kFormats) {
    if (names.media_type == media_type) return names.format;
  }
  return fail(Errc::corrupt, "'" + std::string(media_type) + "' is not a format of captured images");
}

std::string_view name_of(Side side) { return side == Side::front ? "front" : "back"; }

Result<Side> side_from(std::string_view name) {
  if (name == "front") return Side::front;
  if (name == "back") return Side::back;
  return fail(Errc::corrupt, "'" + std::string(name) + "' is not a side of a sheet");
}

}  // namespace mailroom
