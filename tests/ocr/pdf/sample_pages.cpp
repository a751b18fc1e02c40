#include "tests/ocr/pdf/sample_pages.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <memory>
#include <numbers>
#include <stdexcept>

#include "daemon/base/durable_file.h"
#include "ocr/codec/encode.h"

namespace mailroom::ocr::pdf_test {
namespace {

constexpr int kWidth = 620;
constexpr int kHeight = 877;
constexpr int kDpi = 75;
constexpr int kLineHeight = 14;

struct Bar {
  std::string text;
  Box upright;
  int line;
};

std::vector<Bar> bars_for(const std::vector<std::vector<std::string>>& lines) {
  std::vector<Bar> bars;
  int y = 150;
  for (std::size_t line = 0; line < lines.size(); ++line, y += 40) {
    int x = 100;
    for (const auto& word : lines[line]) {
      const int width = 20 + 6 * static_cast<int>(word.size());
      bars.push_back({word, {x, y, width, kLineHeight}, static_cast<int>(line)});
      x += width + 12;
    }
  }
  return bars;
}

struct Point {
  double x;
  double y;
};

// From the captured image to the page a reader sees, found the other way round than in the PDF
// writer: pixel by pixel, quarter turn first, then the slant.
Point read_position(int x, int y, int width, int height, int rotation, double skew) {
  Point point{x + 0.5, y + 0.5};
  if (rotation == 90) point = {height - point.y, point.x};
  if (rotation == 180) point = {width - point.x, height - point.y};
  if (rotation == 270) point = {point.y, width - point.x};
  const double angle = skew * std::numbers::pi / 180;
  const double dx = point.x - kWidth / 2.0;
  const double dy = point.y - kHeight / 2.0;
  return {dx * std::cos(angle) - dy * std::sin(angle) + kWidth / 2.0,
          dx * std::sin(angle) + dy * std::cos(angle) + kHeight / 2.0};
}

bool inside(const Box& box, const Point& point) {
  return point.x >= box.x && point.x < box.x + box.width && point.y >= box.y && point.y < box.y + box.height;
}

void grow(Box& box, int x, int y) {
  if (box.width == 0) {
    box = {x, y, 1, 1};
    return;
  }
  const int right = std::max(box.x + box.width, x + 1);
  const int bottom = std::max(box.y + box.height, y + 1);
  box.x = std::min(box.x, x);
  box.y = std::min(box.y, y);
  box.width = right - box.x;
  box.height = bottom - box.y;
}

CapturedImage encoded(const std::vector<bool>& ink, int width, int height, int channels, int bits) {
  const int stride = bits == 1 ? (width + 7) / 8 : width * channels;
  Bytes pixels(static_cast<std::size_t>(stride) * static_cast<std::size_t>(height), bits == 1 ? 0 : 255);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      if (!ink[static_cast<std::size_t>(y * width + x)]) continue;
      if (bits == 1) {
        pixels[static_cast<std::size_t>(y * stride + x / 8)] |= static_cast<std::uint8_t>(0x80U >> (x % 8U));
      } else {
        std::fill_n(pixels.begin() + y * stride + x * channels, channels, std::uint8_t{0});
      }
    }
  }
  auto image = encode_capture({width, height, kDpi, channels, bits, stride, pixels}, 90);
  if (!image) throw std::runtime_error(image.error().message());
  return *std::move(image);
}

}  // namespace

BarPage bar_page(const std::vector<std::vector<std::string>>& lines, int rotation, double skew, int channels,
                 int bits) {
  const bool on_its_side = rotation % 180 != 0;
  const int width = on_its_side ? kHeight : kWidth;
  const int height = on_its_side ? kWidth : kHeight;
  const auto bars = bars_for(lines);
  std::vector<Box> boxes(bars.size());
  std::vector<bool> ink(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const Point point = read_position(x, y, width, height, rotation, skew);
      for (std::size_t i = 0; i < bars.size(); ++i) {
        if (!inside(bars[i].upright, point)) continue;
        ink[static_cast<std::size_t>(y * width + x)] = true;
        grow(boxes[i], x, y);
      }
    }
  }
  BarPage page;
  page.image = encoded(ink, width, height, channels, bits);
  page.report = {.width = width, .height = height, .dpi = kDpi, .rotation = rotation, .skew_degrees = skew};
  for (std::size_t i = 0; i < bars.size(); ++i) {
    page.report.words.push_back({bars[i].text, boxes[i], 0.9, bars[i].line, 0});
  }
  return page;
}

PdfPage pdf_page(const BarPage& page) {
  return {.image = &page.image, .bytes = page.image.bytes, .report = &page.report, .label = "1 front"};
}

PdfMetadata metadata() {
  return {.id = "01936a3e-0000-7000-8000-000000000001",
          .number = "26-00042-1",
          .title = "Brief 26-00042-1 <Bürgerbüro & Co>",
          .author = "Stadt Lahnfels",
          .created = from_rfc3339("2026-11-24T03:14:15.926Z").value()};
}

std::string run(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), [](FILE*) { return 0; });
  if (!pipe) throw std::runtime_error("cannot run " + command);
  std::string output;
  std::array<char, 4096> buffer{};
  while (const std::size_t count = fread(buffer.data(), 1, buffer.size(), pipe.get())) {
    output.append(buffer.data(), count);
  }
  const int status = pclose(pipe.get());
  if (status != 0)
    throw std::runtime_error(command + " ended with " + std::to_string(status) + ": " + output);
  return output;
}

std::string saved(const std::filesystem::path& folder, const std::string& name, ByteView bytes) {
  std::ofstream(folder / name, std::ios::binary) << as_text(bytes);
  return "'" + (folder / name).string() + "'";
}

std::string text_of(const std::filesystem::path& folder, ByteView pdf, const std::string& options) {
  std::string text = run("pdftotext " + options + " " + saved(folder, "text.pdf", pdf) + " -");
  std::erase(text, '\f');
  return text;
}

}  // namespace mailroom::ocr::pdf_test
