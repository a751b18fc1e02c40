#include "ocr/codec/decode_formats.h"

namespace mailroom::ocr::formats {

Result<void> check_size(std::uint64_t width, std::uint64_t height, const DecodeLimits& limits) {
  const auto side = static_cast<std::uint64_t>(limits.max_side);
  if (width == 0 || height == 0) return damaged("image", "it claims to have no pixels");
  if (width <= side && height <= side && width * height <= limits.max_pixels) return {};
  return fail(Errc::refused,
              "the image claims " + std::to_string(width) + " x " + std::to_string(height) +
                  " pixels, more than the limit of " + std::to_string(limits.max_side) + " a side or " +
                  std::to_string(limits.max_pixels) + " in all",
              {}, "Scan it again at a lower resolution or in parts.");
}

Result<void> check_total(std::uint64_t pixels, const DecodeLimits& limits) {
  if (pixels <= limits.max_total_pixels) return {};
  return fail(
      Errc::refused,
      "the images of the file have more than " + std::to_string(limits.max_total_pixels) + " pixels together",
      {}, "Split the file.");
}

tl::unexpected<Error> too_many_images(const Wish& wish) {
  return fail(Errc::refused, "the file holds more than " + std::to_string(wish.max_images) + " images", {},
              "Split the file.");
}

tl::unexpected<Error> damaged(const std::string& format, const std::string& why) {
  return fail(Errc::corrupt, "the " + format + " is damaged or cut off: " + why, {},
              "Get the file again or scan the page again.");
}

tl::unexpected<Error> not_offered(const std::string& format, const std::string& why) {
  return fail(Errc::unsupported, "this kind of " + format + " cannot be read: " + why, {},
              "Convert it to an ordinary JPEG, PNG or TIFF.");
}

Pixels blank_pixels(int width, int height, int channels, int dpi) {
  Pixels image{width, height, dpi, channels, {}};
  image.data.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) *
                    static_cast<std::size_t>(channels));
  return image;
}

Pixels grey_of(Pixels image) {
  if (image.channels == 1) return image;
  // In place: the grey value never overtakes the pixel it is made from.
  const std::size_t count = image.data.size() / 3;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t* rgb = &image.data[3 * i];
    image.data[i] =
        static_cast<std::uint8_t>((19595U * rgb[0] + 38470U * rgb[1] + 7471U * rgb[2] + 32768U) >> 16U);
  }
  image.data.resize(count);
  image.data.shrink_to_fit();
  image.channels = 1;
  return image;
}

Pixels grey_if_colourless(Pixels image) {
  if (image.channels == 1) return image;
  for (std::size_t i = 0; i + 2 < image.data.size(); i += 3)
    if (image.data[i] != image.data[i + 1] || image.data[i] != image.data[i + 2]) return image;
  return grey_of(std::move(image));
}

Pixels oriented(Pixels image, int orientation) {
  if (orientation < 2 || orientation > 8) return image;
  const bool turned = orientation >= 5;  // rows of the file are columns on the screen
  const bool from_right = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
  const bool from_bottom = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
  Pixels out = blank_pixels(turned ? image.height : image.width, turned ? image.width : image.height,
                            image.channels, image.dpi);
  const auto channels = static_cast<std::size_t>(image.channels);
  const auto out_width = static_cast<std::size_t>(out.width);
  const std::uint8_t* from = image.data.data();
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x, from += channels) {
      int column = turned ? y : x;
      int row = turned ? x : y;
      if (from_right) column = out.width - 1 - column;
      if (from_bottom) row = out.height - 1 - row;
      std::uint8_t* to =
          &out.data[(static_cast<std::size_t>(row) * out_width + static_cast<std::size_t>(column)) *
                    channels];
      std::copy_n(from, channels, to);
    }
  }
  return out;
}

}  // namespace mailroom::ocr::formats
