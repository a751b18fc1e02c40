#include "ocr/codec/encode.h"

#include <catch2/catch.hpp>
#include <cstdlib>

#include "daemon/crypto/digest.h"
#include "ocr/codec/decode.h"

using namespace mailroom;
using namespace mailroom::ocr;

namespace {

/// Rows with runs of many lengths, wider than a whole number of bytes, with rubbish in the padding.
Bytes bilevel_rows(int width, int height, int stride) {
  Bytes rows(std::size_t(stride) * std::size_t(height), 0xA5);
  for (int y = 0; y < height; y++) {
    for (int x = 0; x < width; x++) {
      auto& byte = rows[std::size_t(y) * std::size_t(stride) + std::size_t(x / 8)];
      const auto bit = std::uint8_t(0x80U >> (x % 8));
      const bool black = (x * x / (y + 1) + y) % 7 < 3;
      byte = std::uint8_t(black ? byte | bit : byte & ~bit);
    }
  }
  return rows;
}

bool is_black(const Bytes& rows, int stride, int x, int y) {
  return (rows[std::size_t(y) * std::size_t(stride) + std::size_t(x / 8)] & (0x80U >> (x % 8))) != 0;
}

}  // namespace

TEST_CASE("bilevel pixels come back bit by bit from group 4") {
  constexpr int kWidth = 403, kHeight = 311, kStride = 53;
  const Bytes rows = bilevel_rows(kWidth, kHeight, kStride);
  const auto captured = encode_capture({kWidth, kHeight, 300, 1, 1, kStride, rows}, 80).value();
  CHECK(captured.format == ImageFormat::tiff);
  CHECK(captured.bits == 1);
  CHECK(captured.sha256 == sha256_hex(captured.bytes));
  const auto image = decode_images(captured.bytes).value().at(0);
  REQUIRE(image.width == kWidth);
  REQUIRE(image.height == kHeight);
  CHECK(image.dpi == 300);
  int wrong = 0;
  for (int y = 0; y < kHeight; y++) {
    for (int x = 0; x < kWidth; x++) {
      const int expected = is_black(rows, kStride, x, y) ? 0 : 255;
      wrong += image.data[std::size_t(y) * kWidth + std::size_t(x)] == expected ? 0 : 1;
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("the group 4 strip is found inside its TIFF") {
  const Bytes rows = bilevel_rows(1000, 700, 125);
  const auto captured = encode_capture({1000, 700, 200, 1, 1, 125, rows}, 80).value();
  const auto strip = group4_strip_of(captured.bytes).value();
  CHECK(strip.size() > 100);
  CHECK(strip.data() > captured.bytes.data());
  CHECK(strip.data() + strip.size() <= captured.bytes.data() + captured.bytes.size());
  // T.6 ends with two EOL codes; the last byte holds their end and the padding.
  CHECK((strip.back() != 0 || strip[strip.size() - 2] != 0));
  CHECK(group4_strip_of(as_bytes("no TIFF at all")).error().code == Errc::corrupt);
  const ByteView half(captured.bytes.data(), captured.bytes.size() / 2);
  CHECK(group4_strip_of(half).error().code == Errc::corrupt);
}

TEST_CASE("grey comes back nearly unchanged, with its resolution") {
  constexpr int kWidth = 257, kHeight = 100, kStride = 260;
  Bytes rows(std::size_t(kStride) * kHeight);
  for (std::size_t i = 0; i < rows.size(); i++) rows[i] = std::uint8_t(i % kStride / 2 + i / kStride);
  const auto captured = encode_capture({kWidth, kHeight, 240, 1, 8, kStride, rows}, 95).value();
  CHECK(captured.format == ImageFormat::jpeg);
  const auto image = decode_images(captured.bytes).value().at(0);
  REQUIRE(image.width == kWidth);
  REQUIRE(image.channels == 1);
  CHECK(image.dpi == 240);
  int worst = 0;
  for (std::size_t y = 0; y < kHeight; y++) {
    for (std::size_t x = 0; x < kWidth; x++) {
      worst = std::max(worst, std::abs(image.data[y * kWidth + x] - rows[y * kStride + x]));
    }
  }
  CHECK(worst < 12);
}

TEST_CASE("colour keeps a one-pixel red line: chroma is not halved") {
  constexpr int kSide = 64;
  Bytes rows(std::size_t(kSide) * kSide * 3, 255);
  for (std::size_t y = 0; y < kSide; y++) {
    rows[(y * kSide + 31) * 3 + 1] = 0;
    rows[(y * kSide + 31) * 3 + 2] = 0;
  }
  const auto captured = encode_capture({kSide, kSide, 300, 3, 8, kSide * 3, rows}, 90).value();
  CHECK(captured.channels == 3);
  const auto image = decode_images(captured.bytes).value().at(0);
  REQUIRE(image.channels == 3);
  const std::size_t on_line = (std::size_t(32) * kSide + 31) * 3;
  CHECK(image.data[on_line] > 200);
  CHECK(image.data[on_line + 1] < 60);
  CHECK(image.data[on_line + 3 * 3 + 1] > 200);
}

TEST_CASE("numbers that contradict each other are refused") {
  const Bytes rows(100 * 100, 255);
  CHECK(encode_capture({100, 101, 300, 1, 8, 100, rows}, 80).error().code == Errc::invalid_input);
  CHECK(encode_capture({101, 100, 300, 1, 8, 100, rows}, 80).error().code == Errc::invalid_input);
  CHECK(encode_capture({0, 100, 300, 1, 8, 100, rows}, 80).error().code == Errc::invalid_input);
  CHECK(encode_capture({100, 100, 0, 1, 8, 100, rows}, 80).error().code == Errc::invalid_input);
  CHECK(encode_capture({100, 100, 300, 2, 8, 200, rows}, 80).error().code == Errc::invalid_input);
  CHECK(encode_capture({100, 100, 300, 1, 16, 200, rows}, 80).error().code == Errc::invalid_input);
  CHECK(encode_capture({100, 100, 300, 1, 8, 100, rows}, 0).error().code == Errc::invalid_input);
  CHECK(encode_capture({70000, 1, 300, 1, 8, 70000, Bytes(70000)}, 80).error().code == Errc::invalid_input);
}
