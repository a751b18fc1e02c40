#include "drivers/virtual/paper.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "daemon/base/durable_file.h"
#include "ocr/codec/decode.h"

namespace mailroom::drivers::feeder {
namespace {

using ocr::Pixels;

constexpr int kThreshold = 128;  // below is black

/// The part of a source row that one target pixel covers: pixels [first, last], the two ends partly.
struct Span {
  int first, last;
  double first_weight, last_weight;
};

std::vector<Span> spans_of(int from, int to) {
  std::vector<Span> spans;
  const double step = double(from) / to;
  for (int i = 0; i < to; i++) {
    const double start = i * step;
    const double end = std::min(double(from), start + step);
    const int first = std::min(int(start), from - 1);
    const int last = std::clamp(int(std::ceil(end)) - 1, first, from - 1);
    if (first == last) {
      spans.push_back({first, last, 1, 0});
    } else {
      spans.push_back({first, last, first + 1 - start, end - last});
    }
  }
  return spans;
}

/// Averages `line` elements of `stride` over each span: one direction of an area resampling.
void shrink_line(const std::uint8_t* from, std::uint8_t* to, std::size_t from_step, std::size_t to_step,
                 const std::vector<Span>& spans) {
  for (const Span& span : spans) {
    double sum = from[std::size_t(span.first) * from_step] * span.first_weight;
    double weight = span.first_weight + span.last_weight;
    for (int i = span.first + 1; i < span.last; i++, weight += 1) sum += from[std::size_t(i) * from_step];
    if (span.last > span.first) sum += from[std::size_t(span.last) * from_step] * span.last_weight;
    *to = std::uint8_t(sum / weight + 0.5);
    to += to_step;
  }
}

Pixels scaled(const Pixels& image, int width, int height) {
  const auto channels = std::size_t(image.channels);
  const auto from_row = std::size_t(image.width) * channels;
  const auto to_row = std::size_t(width) * channels;
  Bytes narrow(to_row * std::size_t(image.height));
  const auto across = spans_of(image.width, width);
  for (std::size_t y = 0; y < std::size_t(image.height); y++) {
    for (std::size_t c = 0; c < channels; c++) {
      shrink_line(&image.data[y * from_row + c], &narrow[y * to_row + c], channels, channels, across);
    }
  }
  Pixels result{width, height, image.dpi, image.channels, Bytes(to_row * std::size_t(height))};
  const auto down = spans_of(image.height, height);
  for (std::size_t x = 0; x < to_row; x++) shrink_line(&narrow[x], &result.data[x], to_row, to_row, down);
  return result;
}

/// A difference of one dot comes from formats that count dots per metre or centimetre.
bool needs_scaling(const Pixels& image, int dpi) {
  return image.dpi > 0 && std::abs(image.dpi - dpi) > 1;
}

int scaled_size(int pixels, int from_dpi, int to_dpi) {
  return std::max(1, int(std::lround(double(pixels) * to_dpi / from_dpi)));
}

Result<Pixels> decode(ByteView bytes, ColourMode mode) {
  MAILROOM_TRY(auto images, mode == ColourMode::colour ? ocr::decode_images(bytes, {}, 1)
                                                       : ocr::decode_grey(bytes, {}, 1));
  if (images.size() != 1) return fail(Errc::corrupt, "the file holds no image");
  return std::move(images.front());
}

PaperSide toned(Pixels image, int channels) {
  PaperSide side{image.width, image.height, image.width * channels, {}};
  if (image.channels == channels) {
    side.rows = std::move(image.data);
    return side;
  }
  side.rows.reserve(image.data.size() * 3);
  for (const std::uint8_t value : image.data) side.rows.insert(side.rows.end(), 3, value);
  return side;
}

PaperSide bilevel(const Pixels& image) {
  PaperSide side{image.width, image.height, (image.width + 7) / 8, {}};
  side.rows.resize(std::size_t(side.stride) * std::size_t(side.height));
  for (std::size_t y = 0; y < std::size_t(image.height); y++) {
    const std::uint8_t* from = &image.data[y * std::size_t(image.width)];
    std::uint8_t* to = &side.rows[y * std::size_t(side.stride)];
    for (std::size_t x = 0; x < std::size_t(image.width); x++) {
      if (from[x] < kThreshold) to[x / 8] |= std::uint8_t(0x80U >> (x % 8));
    }
  }
  return side;
}

bool fits(int width, int height, int dpi) {
  return width * 25.4 / dpi <= kMaxWidth && height * 25.4 / dpi <= kMaxHeight;
}

}  // namespace

Result<PaperSide> load_side(const std::filesystem::path& file, ColourMode mode, int dpi) {
  MAILROOM_TRY(const Bytes bytes, read_file(file));
  MAILROOM_TRY(Pixels image, decode(bytes, mode));
  const bool scale = needs_scaling(image, dpi);
  const int width = scale ? scaled_size(image.width, image.dpi, dpi) : image.width;
  const int height = scale ? scaled_size(image.height, image.dpi, dpi) : image.height;
  if (!fits(width, height, dpi)) return fail(Errc::refused, "the paper is larger than the paper path");
  if (scale) image = scaled(image, width, height);
  if (mode == ColourMode::bilevel) return bilevel(image);
  return toned(std::move(image), mode == ColourMode::colour ? 3 : 1);
}

PaperSide blank_side(const PaperSide& like, ColourMode mode) {
  PaperSide side = like;
  std::fill(side.rows.begin(), side.rows.end(), std::uint8_t(mode == ColourMode::bilevel ? 0 : 255));
  return side;
}

}  // namespace mailroom::drivers::feeder
