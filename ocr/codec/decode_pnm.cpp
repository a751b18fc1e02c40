#include <algorithm>
#include <optional>

#include "ocr/codec/decode_formats.h"

namespace mailroom::ocr::formats {
namespace {

/// Header of one image of a PNM file (netpbm: pbm(5), pgm(5), ppm(5)).
struct PnmHeader {
  char kind = 0;  ///< '4' bilevel, '5' grey, '6' RGB
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint32_t max_value = 1;

  [[nodiscard]] std::size_t channels() const { return kind == '6' ? 3 : 1; }
  [[nodiscard]] std::size_t row_bytes() const {
    if (kind == '4') return (std::size_t{width} + 7) / 8;
    return std::size_t{width} * channels() * (max_value > 255 ? 2 : 1);
  }
};

bool is_space(std::uint8_t c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/// Reads from `bytes` and shortens it by what was read.
class PnmText {
 public:
  explicit PnmText(ByteView& bytes) : bytes_(bytes) {}

  std::optional<std::uint32_t> number() {
    skip_space();
    std::uint32_t value = 0;
    int digits = 0;
    while (!bytes_.empty() && bytes_[0] >= '0' && bytes_[0] <= '9' && digits < 9) {
      value = value * 10 + (bytes_[0] - std::uint32_t{'0'});
      bytes_ = bytes_.subspan(1);
      ++digits;
    }
    if (digits == 0) return std::nullopt;
    return value;
  }

  /// The one white space between header and pixels.
  bool separator() {
    if (bytes_.empty() || !is_space(bytes_[0])) return false;
    bytes_ = bytes_.subspan(1);
    return true;
  }

 private:
  void skip_space() {
    while (!bytes_.empty() && (is_space(bytes_[0]) || bytes_[0] == '#')) {
      if (bytes_[0] == '#') {
        const auto end = std::find(bytes_.begin(), bytes_.end(), std::uint8_t{'\n'});
        bytes_ = bytes_.subspan(static_cast<std::size_t>(end - bytes_.begin()));
      } else {
        bytes_ = bytes_.subspan(1);
      }
    }
  }

  ByteView& bytes_;
};

Result<PnmHeader> read_header(ByteView& bytes) {
  PnmHeader header;
  if (bytes.size() < 3 || bytes[0] != 'P' || bytes[1] < '4' || bytes[1] > '6')
    return damaged("PNM", "something else follows the image");
  header.kind = static_cast<char>(bytes[1]);
  bytes = bytes.subspan(2);
  PnmText text(bytes);
  const auto width = text.number();
  const auto height = text.number();
  const auto max_value = header.kind == '4' ? std::optional<std::uint32_t>(1) : text.number();
  if (!width || !height || !max_value || *max_value == 0 || *max_value > 65535 || !text.separator())
    return damaged("PNM", "its header is not complete");
  header.width = *width;
  header.height = *height;
  header.max_value = *max_value;
  return header;
}

std::uint8_t to_8_bits(std::uint32_t value, std::uint32_t max_value) {
  return static_cast<std::uint8_t>((std::min(value, max_value) * 255U + max_value / 2) / max_value);
}

void read_row(const PnmHeader& header, const std::uint8_t* from, std::uint8_t* to) {
  const std::size_t count = header.width * header.channels();
  if (header.kind == '4') {
    for (std::size_t x = 0; x < count; ++x) to[x] = (from[x / 8] >> (7 - x % 8) & 1U) != 0 ? 0 : 255;
  } else if (header.max_value == 255) {
    std::copy_n(from, count, to);
  } else if (header.max_value < 255) {
    for (std::size_t i = 0; i < count; ++i) to[i] = to_8_bits(from[i], header.max_value);
  } else {
    for (std::size_t i = 0; i < count; ++i)
      to[i] = to_8_bits(from[2 * i] * 256U + from[2 * i + 1], header.max_value);
  }
}

Result<Pixels> read_image(ByteView& bytes, const Wish& wish) {
  MAILROOM_TRY(const PnmHeader header, read_header(bytes));
  MAILROOM_TRY_VOID(check_size(header.width, header.height, wish.limits));
  if (bytes.size() < header.row_bytes() * header.height)
    return damaged("PNM", "it ends before its pixels do");
  Pixels image = blank_pixels(static_cast<int>(header.width), static_cast<int>(header.height),
                              static_cast<int>(header.channels()), 0);
  const std::size_t stride = header.width * header.channels();
  for (std::size_t y = 0; y < header.height; ++y)
    read_row(header, bytes.data() + y * header.row_bytes(), &image.data[y * stride]);
  bytes = bytes.subspan(header.row_bytes() * header.height);
  return wish.grey ? grey_of(std::move(image)) : std::move(image);
}

}  // namespace

Images decode_pnm(ByteView bytes, const Wish& wish) {
  std::vector<Pixels> images;
  std::uint64_t pixels = 0;
  do {
    if (std::ssize(images) >= wish.max_images) return too_many_images(wish);
    MAILROOM_TRY(Pixels image, read_image(bytes, wish));
    pixels += static_cast<std::uint64_t>(image.width) * static_cast<std::uint64_t>(image.height);
    MAILROOM_TRY_VOID(check_total(pixels, wish.limits));
    images.push_back(std::move(image));
    while (!bytes.empty() && is_space(bytes[0])) bytes = bytes.subspan(1);
  } while (!bytes.empty());
  return images;
}

}  // namespace mailroom::ocr::formats
