#include <webp/decode.h>

#include "ocr/codec/decode_formats.h"

namespace mailroom::ocr::formats {
namespace {

tl::unexpected<Error> error_of(VP8StatusCode status) {
  if (status == VP8_STATUS_NOT_ENOUGH_DATA) return damaged("WebP", "it ends before its data does");
  if (status == VP8_STATUS_UNSUPPORTED_FEATURE) return not_offered("WebP", "an unknown feature");
  return damaged("WebP", "its data contradict each other");
}

void lay_over_white(const Pixels& rgba, Pixels& rgb) {
  for (std::size_t i = 0, count = rgb.data.size() / 3; i < count; ++i)
    for (std::size_t c = 0; c < 3; ++c)
      rgb.data[3 * i + c] = over_white(rgba.data[4 * i + c], rgba.data[4 * i + 3]);
}

}  // namespace

Images decode_webp(ByteView bytes, const Wish& wish) {
  WebPBitstreamFeatures features{};
  const VP8StatusCode status = WebPGetFeatures(bytes.data(), bytes.size(), &features);
  if (status != VP8_STATUS_OK) return error_of(status);
  const auto width = static_cast<std::uint64_t>(features.width);
  MAILROOM_TRY_VOID(check_size(width, static_cast<std::uint64_t>(features.height), wish.limits));
  if (features.has_animation != 0) return not_offered("WebP", "it is an animation");
  const bool alpha = features.has_alpha != 0;
  Pixels image = blank_pixels(features.width, features.height, alpha ? 4 : 3, 0);
  const auto decode = alpha ? WebPDecodeRGBAInto : WebPDecodeRGBInto;
  if (decode(bytes.data(), bytes.size(), image.data.data(), image.data.size(),
             features.width * image.channels) == nullptr)
    return damaged("WebP", "its pixels are incomplete");
  if (alpha) {
    Pixels rgb = blank_pixels(image.width, image.height, 3, 0);
    lay_over_white(image, rgb);
    image = std::move(rgb);
  }
  std::vector<Pixels> images;
  images.push_back(wish.grey ? grey_of(std::move(image)) : std::move(image));
  return images;
}

}  // namespace mailroom::ocr::formats
