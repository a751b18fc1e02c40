#include "daemon/station/pictures.h"

#include <algorithm>

#include "ocr/codec/decode.h"
#include "ocr/codec/encode.h"

namespace mailroom::station {
namespace {

using ocr::Pixels;
constexpr int kThumbnail = 256;
constexpr std::size_t kKept = 3000;

/// The mean of the pixels that fall together.
Pixels shrunk(const Pixels& image, int most) {
  const int factor = std::max(1, (std::max(image.width, image.height) + most - 1) / most);
  Pixels small{std::max(1, image.width / factor), std::max(1, image.height / factor), 0, image.channels, {}};
  small.data.resize(std::size_t(small.width) * std::size_t(small.height) * std::size_t(small.channels));
  const auto row = std::size_t(image.width) * std::size_t(image.channels);
  std::size_t out = 0;
  for (int y = 0; y < small.height; ++y) {
    for (int x = 0; x < small.width; ++x) {
      for (int c = 0; c < image.channels; ++c) {
        unsigned sum = 0;
        for (int dy = 0; dy < factor; ++dy) {
          const auto line = std::size_t(y * factor + dy) * row;
          for (int dx = 0; dx < factor; ++dx)
            sum += image.data[line + std::size_t((x * factor + dx) * image.channels + c)];
        }
        small.data[out++] = std::uint8_t(sum / unsigned(factor * factor));
      }
    }
  }
  return small;
}

/// Where the pixel of a turned image comes from.
std::pair<int, int> source_of(int x, int y, int width, int height, int rotation) {
  if (rotation == 90) return {y, height - 1 - x};
  if (rotation == 180) return {width - 1 - x, height - 1 - y};
  return {width - 1 - y, x};  // 270
}

Pixels turned(Pixels image, int rotation) {
  if (rotation % 360 == 0) return image;
  const bool lying = rotation % 180 != 0;
  Pixels out{
      lying ? image.height : image.width, lying ? image.width : image.height, image.dpi, image.channels, {}};
  out.data.resize(image.data.size());
  const auto channels = std::size_t(image.channels);
  std::size_t at = 0;
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      const auto [from_x, from_y] = source_of(x, y, image.width, image.height, rotation);
      const auto from = (std::size_t(from_y) * std::size_t(image.width) + std::size_t(from_x)) * channels;
      for (std::size_t c = 0; c < channels; ++c) out.data[at++] = image.data[from + c];
    }
  }
  return out;
}

Result<Pixels> pixels_of(const archive::Page& page, const Bytes& bytes) {
  const bool grey = page.image.channels == 1;
  MAILROOM_TRY(auto images, grey ? ocr::decode_grey(bytes) : ocr::decode_images(bytes));
  if (images.size() != 1) return fail(Errc::corrupt, "a captured side holds no single image");
  return std::move(images.front());
}

Result<Picture> as_jpeg(const Pixels& image, int dpi, int quality) {
  MAILROOM_TRY(auto encoded, ocr::encode_capture({image.width, image.height, dpi, image.channels, 8,
                                                  image.width * image.channels, image.data},
                                                 quality));
  return Picture{std::move(encoded.bytes), "image/jpeg"};
}

}  // namespace

Result<Bytes> Pictures::captured(const archive::Page& page) const {
  return spool_.read({page.batch, page.image.sheet, page.image.side, page.image.format}, page.image.sha256);
}

Result<Picture> Pictures::thumbnail(const archive::Page& page, int rotation) {
  const std::string key = page.id + "/" + std::to_string(rotation);
  {
    const std::scoped_lock lock(mutex_);
    if (const auto found = places_.find(key); found != places_.end()) {
      kept_.splice(kept_.begin(), kept_, found->second);
      return found->second->second;
    }
  }
  MAILROOM_TRY(const Bytes bytes, captured(page));
  MAILROOM_TRY(const Pixels image, pixels_of(page, bytes));
  MAILROOM_TRY(Picture picture, as_jpeg(turned(shrunk(image, kThumbnail), rotation), 72, 75));
  const std::scoped_lock lock(mutex_);
  if (!places_.contains(key)) {
    kept_.emplace_front(key, picture);
    places_[key] = kept_.begin();
  }
  if (kept_.size() > kKept) {
    places_.erase(kept_.back().first);
    kept_.pop_back();
  }
  return picture;
}

Result<Picture> Pictures::full(const archive::Page& page, int rotation) const {
  MAILROOM_TRY(Bytes bytes, captured(page));
  if (rotation == 0 && page.image.format == ImageFormat::jpeg) return Picture{std::move(bytes), "image/jpeg"};
  MAILROOM_TRY(Pixels image, pixels_of(page, bytes));
  return as_jpeg(turned(std::move(image), rotation), page.image.dpi, 88);
}

}  // namespace mailroom::station
