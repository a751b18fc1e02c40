#include "ocr/barcode/read_codes.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>

#include "ocr/image/pixels.h"
#include "ocr/paper/print_codes.h"

using namespace mailroom;
using namespace mailroom::ocr;

namespace {

constexpr const char* kText = "MR1-LET-3300-ABCDEFGH";

Pixels white_page(int width = 2480, int height = 3508) {
  return {width, height, 300, 1,
          Bytes(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), 250)};
}

void fill(Pixels& page, int x, int y, int width, int height) {
  for (int row = y; row < y + height; ++row)
    std::fill_n(page.data.begin() + std::ptrdiff_t{row} * page.width + x, width, std::uint8_t{20});
}

void draw_code128(Pixels& page, const std::string& text, int x, int y, int module, int height) {
  const auto widths = code128_widths(text).value();
  bool bar = true;
  for (const int width : widths) {
    if (bar) fill(page, x, y, width * module, height);
    x += width * module;
    bar = !bar;
  }
}

void draw_qr(Pixels& page, const std::string& text, int x, int y, int module) {
  const auto qr = qr_symbol(text).value();
  for (int row = 0; row < qr.side; ++row)
    for (int column = 0; column < qr.side; ++column)
      if (qr.dark[static_cast<std::size_t>(row * qr.side + column)])
        fill(page, x + column * module, y + row * module, module, module);
}

long count(const std::vector<Code>& codes, const std::string& symbology, const std::string& text) {
  return std::count_if(codes.begin(), codes.end(),
                       [&](const Code& code) { return code.symbology == symbology && code.text == text; });
}

}  // namespace

TEST_CASE("a page's codes are read at coarse depth, by both engines, where they are") {
  Pixels page = white_page();
  draw_qr(page, kText, 300, 400, 8);
  draw_code128(page, kText, 300, 2000, 4, 200);
  const auto codes = read_codes(page, Depth::coarse);
  REQUIRE(codes);
  REQUIRE(codes->size() == 2);
  const Code& qr = codes->front();
  CHECK(qr.symbology == "QRCode");
  CHECK(qr.text == kText);
  CHECK(qr.bytes == to_base64(as_bytes(kText)));
  CHECK(std::abs(qr.box.x - 300) < 20);
  CHECK(std::abs(qr.box.y - 400) < 20);
  const Code& bars = codes->back();
  CHECK(bars.symbology == "Code128");
  CHECK(bars.engines.size() == 2);
  CHECK(std::abs(bars.box.y - 2000) < 40);
}

TEST_CASE("the same linear code printed twice is two codes, and no engine aborts on it") {
  Pixels page = white_page();
  draw_code128(page, kText, 300, 500, 4, 150);
  draw_code128(page, kText, 300, 2500, 4, 150);
  for (const Depth depth : {Depth::coarse, Depth::full}) {
    const auto codes = read_codes(page, depth);
    REQUIRE(codes);
    CHECK(count(*codes, "Code128", kText) == 2);
  }
}

TEST_CASE("tilted codes are read at full depth") {
  Pixels small = white_page(1400, 1000);
  draw_code128(small, "ABC-12345", 250, 400, 4, 200);
  const double degrees = GENERATE(0.0, 30.0, 45.0, 60.0, 90.0, 180.0);
  const auto codes = read_codes(tilted(small, degrees), Depth::full);
  REQUIRE(codes);
  INFO(degrees);
  CHECK(count(*codes, "Code128", "ABC-12345") == 1);
}

TEST_CASE("small codes and low resolution are read at full depth") {
  Pixels page = white_page();
  draw_qr(page, kText, 1800, 3000, 3);
  draw_code128(page, kText, 300, 500, 3, 90);
  const Pixels low = scaled(page, GENERATE(1.0, 0.6667));
  const auto codes = read_codes(low, Depth::full);
  REQUIRE(codes);
  CHECK(count(*codes, "QRCode", kText) == 1);
  CHECK(count(*codes, "Code128", kText) == 1);
}

TEST_CASE("an unread code makes the page suspicious, text and white paper do not") {
  Pixels page = white_page();
  CHECK_FALSE(calls_for_full_search(page, {}, true));
  for (int y = 300; y < 3000; y += 60)  // print: strokes with the gaps of words and lines
    for (int x = 300; x < 2100; x += 24)
      if (x / 24 % 6 != 0) fill(page, x, y, 5, 26);
  CHECK_FALSE(calls_for_full_search(page, {}, false));
  draw_code128(page, kText, 300, 3100, 4, 150);
  CHECK(calls_for_full_search(page, {}, false));
  CHECK_FALSE(calls_for_full_search(page, *read_codes(page, Depth::coarse), false));
}

TEST_CASE("PATCHT is a linear code of exactly that text") {
  Pixels page = white_page();
  draw_code128(page, "PATCHT", 400, 1000, 6, 400);
  const auto read = read_page_codes(page, true);
  REQUIRE(read);
  CHECK(read->patch == "PATCHT");
  CHECK(patch_in({{"QRCode", "PATCHT", "", {}, {}}}).empty());
  CHECK(patch_in({{"Code39", "PATCHT2", "", {}, {}}}).empty());
  CHECK(patch_in({{"Code39", "PATCHT", "", {}, {}}}) == "PATCHT");
}

TEST_CASE("any size of picture is searched without harm") {
  using Size = std::pair<int, int>;
  const auto [width, height] = GENERATE(Size{1, 1}, Size{2, 300}, Size{300, 2}, Size{17, 17}, Size{41, 41});
  const Pixels tiny = white_page(width, height);
  CHECK(read_codes(tiny, Depth::coarse)->empty());
  CHECK(read_codes(tiny, Depth::full)->empty());
  CHECK_FALSE(calls_for_full_search(tiny, {}, true));
}
