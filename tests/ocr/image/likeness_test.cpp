#include "ocr/image/likeness.h"

#include <cairo.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "ocr/image/pixels.h"

using namespace mailroom;
using namespace mailroom::ocr;

namespace {

constexpr int kWidth = 1654, kHeight = 2339;  // A4 at 200 dpi

/// What differs between two form letters.
struct Letter {
  std::string name = "Herr Karl Mueller";
  std::string amount = "1.234,56";
  bool signature = false;
};

Pixels drawn(const Letter& letter) {
  auto* surface = cairo_image_surface_create(CAIRO_FORMAT_A8, kWidth, kHeight);
  auto* context = cairo_create(surface);
  cairo_select_font_face(context, "serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(context, 31);
  double y = 300;
  const auto line = [&](const std::string& text) {
    cairo_move_to(context, 180, y);
    cairo_show_text(context, text.c_str());
    y += 46;
  };
  for (const std::string& text :
       {letter.name, std::string("Am Gruen 13"), std::string("35037 Marburg"), std::string(),
        std::string("Sehr geehrte Damen und Herren,"), std::string(),
        std::string("hiermit lege ich gegen Ihren Bescheid vom 12.03.2026 fristgerecht"),
        "Widerspruch ein. Die Festsetzung in Hoehe von " + letter.amount + " Euro ist",
        std::string("nach meiner Auffassung nicht richtig, weil die zugrunde gelegte"),
        std::string("Flaeche nicht stimmt. Ich bitte um Pruefung und um Aussetzung."), std::string(),
        std::string("Mit freundlichen Gruessen"), letter.name})
    line(text);
  if (letter.signature) {
    cairo_set_line_width(context, 4);
    cairo_move_to(context, 200, y + 40);
    cairo_curve_to(context, 300, y - 60, 350, y + 120, 520, y + 20);
    cairo_stroke(context);
  }
  cairo_surface_flush(surface);
  Pixels page{kWidth, kHeight, 200, 1, Bytes(std::size_t(kWidth) * kHeight)};
  const int stride = cairo_image_surface_get_stride(surface);
  const unsigned char* ink = cairo_image_surface_get_data(surface);
  for (int row = 0; row < kHeight; ++row) {
    for (int x = 0; x < kWidth; ++x) {
      page.data[std::size_t(row) * kWidth + std::size_t(x)] =
          std::uint8_t(248 - ink[std::size_t(row) * std::size_t(stride) + std::size_t(x)] * 9 / 10);
    }
  }
  cairo_destroy(context);
  cairo_surface_destroy(surface);
  return page;
}

/// As another pass through the scanner gives it: turned, moved, noisy, a little darker.
Pixels scanned(const Pixels& paper, double degrees, int dx, int dy, unsigned seed) {
  const Pixels leaning = tilted(paper, degrees);
  Pixels page{paper.width, paper.height, paper.dpi, 1, Bytes(paper.data.size(), 244)};
  std::mt19937 random(seed);
  std::normal_distribution<double> noise(0, 5);
  const int left = (leaning.width - paper.width) / 2 - dx, top = (leaning.height - paper.height) / 2 - dy;
  for (int y = 0; y < page.height; ++y) {
    for (int x = 0; x < page.width; ++x) {
      const int from_x = x + left, from_y = y + top;
      double value = 244;
      if (from_x >= 0 && from_y >= 0 && from_x < leaning.width && from_y < leaning.height)
        value = leaning.data[std::size_t(from_y) * std::size_t(leaning.width) + std::size_t(from_x)];
      page.data[std::size_t(y) * std::size_t(page.width) + std::size_t(x)] =
          std::uint8_t(std::clamp(value * 0.96 + noise(random), 0.0, 255.0));
    }
  }
  return page;
}

Alike alike(const Pixels& one, const Pixels& other) {
  return compare_sides(one, other).alike;
}

}  // namespace

TEST_CASE("one sheet scanned twice is the same, moved, leaning, noisy or upside down") {
  const Pixels paper = drawn({});
  const Pixels first = scanned(paper, 0, 0, 0, 1);
  CHECK(alike(first, first) == Alike::same);
  CHECK(alike(first, scanned(paper, 0.8, 23, -31, 2)) == Alike::same);
  CHECK(alike(scanned(paper, -1.1, -12, 8, 3), scanned(paper, 0.6, 30, 17, 4)) == Alike::same);
  const auto turned_over = compare_sides(first, scanned(turned(paper, 180), 0.4, 6, 9, 5));
  CHECK(turned_over.alike == Alike::same);
  CHECK(turned_over.turned);
}

TEST_CASE("two form letters that differ in a name, a digit, a comma or a signature are never the same") {
  const Pixels first = scanned(drawn({}), 0.3, 4, -6, 1);
  const auto scan_of = [](const Letter& letter) { return scanned(drawn(letter), -0.5, -9, 12, 7); };
  CHECK(alike(first, scan_of({"Herr Karl Moeller"})) != Alike::same);
  CHECK(alike(first, scan_of({"Herr Karl Mueller", "1.284,56"})) != Alike::same);
  CHECK(alike(first, scan_of({"Herr Karl Mueller", "1.234,58"})) != Alike::same);
  CHECK(alike(first, scan_of({"Herr Karl Mueller", "1.234.56"})) != Alike::same);
  const auto is_signed = compare_sides(first, scan_of({"Herr Karl Mueller", "1.234,56", true}));
  CHECK(is_signed.alike == Alike::doubtful);
  CHECK(is_signed.where.y > 850);  // where the signature stands
}

TEST_CASE("empty pages say nothing about each other, a letter and an empty page are two") {
  const Pixels empty{kWidth, kHeight, 200, 1, Bytes(std::size_t(kWidth) * kHeight, 250)};
  CHECK(alike(scanned(empty, 0, 0, 0, 1), scanned(empty, 0, 0, 0, 2)) == Alike::nothing);
  CHECK(alike(scanned(drawn({}), 0, 0, 0, 1), scanned(empty, 0, 0, 0, 2)) == Alike::different);
}

TEST_CASE("no size is too small and no two sizes are one paper") {
  const Pixels dot{1, 1, 300, 1, Bytes(1, 0)};
  CHECK(alike(dot, dot) == Alike::nothing);
  const Pixels paper = drawn({});
  Pixels half = paper;
  half.height /= 2;
  half.data.resize(half.data.size() / 2);
  CHECK(alike(paper, half) == Alike::different);
}
