#include "ocr/image/only_codes.h"

#include <catch2/catch.hpp>

#include "ocr/paper/canvas.h"
#include "ocr/paper/separator_sheet.h"

using namespace mailroom;
using namespace mailroom::ocr;

namespace {

// Where separator_sheet.cpp puts its QR code and its bars, in pixels at 300 dpi.
constexpr double kPx = 300 / 25.4;
Box mm(double x, double y, double width, double height) {
  return {static_cast<int>(x * kPx), static_cast<int>(y * kPx), static_cast<int>(width * kPx),
          static_cast<int>(height * kPx)};
}
const std::vector<Box> kCodes = {mm(63, 124, 84, 84), mm(25, 228, 160, 24)};

SeparatorSheet sheet() {
  return {
      .kind_label = "Trennblatt: neues Dokument",
      .title = "Personalangelegenheit",
      .lines = {"Fachdienst Brand- und Katastrophenschutz", "vertraulich", "dritte Zeile mit einem Hinweis"},
      .qr_payload = "MR1-LET-3300-ABCDEFGH",
      .code128_payload = "MR1-LET-3300-ABCDEFGH",
      .footer = "mailroom 0.1.0, gedruckt am 24.11.2026"};
}

/// A page with lines of print and a black square where a code was read.
Pixels page_with_code(int lines, double points, const Box& code) {
  const auto page = draw_pixels(
      [&](Canvas& canvas) {
        for (int i = 0; i < lines; ++i)
          canvas.text(25, 40 + i * points * 0.5, "Sehr geehrte Damen und Herren, anbei die Unterlagen zu",
                      {points});
        canvas.fill(code.x / kPx, code.y / kPx, code.width / kPx, code.height / kPx);
      },
      300);
  REQUIRE(page);
  return *page;
}

}  // namespace

TEST_CASE("a separator sheet is only codes") {
  const auto page = render_separator_sheet(sheet(), 300);
  REQUIRE(page);
  CHECK(only_codes(*page, kCodes));
  CHECK_FALSE(only_codes(*page, {}));
}

TEST_CASE("a letter with a label or a printed code is not only codes") {
  const Box label = mm(140, 250, 40, 20);
  CHECK_FALSE(only_codes(page_with_code(25, 11, label), {label}));
  CHECK_FALSE(only_codes(page_with_code(4, 11, label), {label}));
  CHECK(only_codes(page_with_code(0, 11, label), {label}));
}

TEST_CASE("a separator sheet that somebody wrote on is not only codes") {
  const auto drawn = draw_pixels(
      [](Canvas& canvas) {
        canvas.fill(63, 124, 84, 84);
        std::vector<std::pair<double, double>> pen;
        for (int i = 0; i < 60; ++i) pen.emplace_back(30 + i, 90 + (i % 2 == 0 ? 0 : 6));
        canvas.stroke(pen, 0.5);
      },
      300);
  REQUIRE(drawn);
  CHECK_FALSE(only_codes(*drawn, {kCodes[0]}));
}
