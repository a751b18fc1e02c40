#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <optional>
#include <random>

#include "daemon/base/durable_file.h"
#include "ocr/image/inspection.h"
#include "ocr/image/pixels.h"
#include "ocr/image/skew.h"
#include "ocr/paper/canvas.h"
#include "ocr/paper/scan_effect.h"
#include "tests/support/shared_folder.h"

using namespace mailroom;
using namespace mailroom::ocr;

namespace {

Pixels drawn(const DrawSheet& sheet, double turn = 0) {
  auto page = draw_pixels(sheet, 300, turn);
  REQUIRE(page);
  return *std::move(page);
}

/// Grey paper with the noise of a scanner, and `sheet` on it with `contrast` grey levels.
Pixels scanned(const DrawSheet& sheet, double contrast, double noise = 2) {
  Pixels page = drawn(sheet);
  std::mt19937 random(7);
  std::normal_distribution<double> grain(0, noise);
  for (auto& value : page.data)
    value = static_cast<std::uint8_t>(
        std::clamp(238 - contrast * (255 - value) / 255 + grain(random), 0.0, 255.0));
  return page;
}

void note(Canvas& canvas) {
  std::vector<std::pair<double, double>> pen;
  for (int i = 0; i < 120; ++i) pen.emplace_back(60 + i * 0.4, 100 + 3 * std::sin(i * 0.7));
  canvas.stroke(pen, 0.6);
}

void letter(Canvas& canvas) {
  for (int i = 0; i < 30; ++i)
    canvas.text(25, 40 + i * 6, "Wir bitten um Zahlung bis zum Ende des Monats", {11});
}

std::optional<Pixels> shared_image(const std::string& folder, const std::string& name) {
  const auto path = mailroom::test::shared_folder(folder);
  if (!path) return std::nullopt;
  return decode_images(*read_file(*path / name))->front();
}

}  // namespace

TEST_CASE("a pencil note is not blank, however faint") {
  const double contrast = GENERATE(8, 12, 15, 40);
  INFO(contrast);
  const Inspection seen = inspect(scanned(note, contrast));
  CHECK_FALSE(seen.blank);
  CHECK(seen.ink > 0);
  CHECK(seen.low_contrast);
}

TEST_CASE("a lone signature and one line of small print are not blank") {
  CHECK_FALSE(inspect(scanned(note, 180)).blank);
  const auto small = [](Canvas& canvas) { canvas.text(80, 280, "Seite 2 von 2", {6}); };
  const Inspection seen = inspect(scanned(small, 180));
  CHECK_FALSE(seen.blank);
  CHECK_FALSE(seen.low_contrast);
}

TEST_CASE("a pale stamp shows in its own colour") {
  const Pixels stamp = scanned([](Canvas& canvas) { canvas.text(60, 100, "EINGEGANGEN", {20}); }, 255);
  Pixels page{stamp.width, stamp.height, 300, 3, {}};
  for (const std::uint8_t value : stamp.data) {
    page.data.push_back(240);  // yellow: only blue is missing, and only a little
    page.data.push_back(238);
    page.data.push_back(static_cast<std::uint8_t>(value < 128 ? 205 : 236));
  }
  CHECK_FALSE(inspect(page).blank);
  CHECK(inspect(to_grey(page)).blank);  // which is why colour pages are looked at in colour
}

TEST_CASE("paper with grain, dust, punch holes, shadows and folds is blank") {
  const Inspection seen = inspect(scanned(
      [](Canvas& canvas) {
        for (const double y : {108.5, 188.5}) {  // holes of 6 mm, 12 mm from the edge
          std::vector<std::pair<double, double>> disc;
          for (int i = 0; i < 400; ++i)
            disc.emplace_back(12 + i / 400.0 * 2.6 * std::cos(i * 0.3),
                              y + i / 400.0 * 2.6 * std::sin(i * 0.3));
          canvas.stroke(disc, 0.8);
        }
        for (int i = 0; i < 40; ++i) canvas.fill(20 + i * 37 % 170, 20 + i * 53 % 250, 0.25, 0.25);
        canvas.rule(0, 210, 99, 0.3, 0.4);
        canvas.fill(0, 0, 2, 297);
      },
      200));
  CHECK(seen.blank);
  CHECK(seen.ink == 0);
}

TEST_CASE("what shines through from the other side is blank") {
  CHECK(inspect(shining_through(drawn(letter))).blank);
}

TEST_CASE("black scanner borders are reported as not paper") {
  Pixels page = scanned(letter, 200);
  for (int y = 0; y < 120; ++y)
    std::fill_n(page.data.begin() + std::ptrdiff_t{y} * page.width, page.width, std::uint8_t{5});
  const Inspection seen = inspect(page);
  CHECK(std::abs(seen.paper.y - 120) <= 4);
  CHECK(seen.paper.x == 0);
  CHECK(std::abs(seen.paper.height - (page.height - 120)) <= 4);
}

TEST_CASE("skew is found to a tenth of a degree, rising lines positive") {
  const double clockwise = GENERATE(-5.0, -1.3, 0.0, 0.6, 3.0);
  CHECK(skew_of(drawn(letter, clockwise)) == Approx(-clockwise).margin(0.11));
  CHECK(skew_of(turned(drawn(letter, clockwise), 180)) == Approx(-clockwise).margin(0.11));
}

TEST_CASE("turning is exact and goes round") {
  Pixels image{3, 2, 300, 1, {1, 2, 3, 4, 5, 6}};
  CHECK(turned(image, 90).data == Bytes{4, 1, 5, 2, 6, 3});
  CHECK(turned(image, 270).data == Bytes{3, 6, 2, 5, 1, 4});
  CHECK(turned(turned(image, 180), 180).data == image.data);
  CHECK(turned(image, 90).width == 2);
}

TEST_CASE("tiny pictures are looked at without harm") {
  for (const int side : {1, 2, 9, 40}) {
    const Pixels dot{side, side, 0, 1, Bytes(static_cast<std::size_t>(side * side), 240)};
    CHECK(inspect(dot).blank);
    CHECK(skew_of(dot) == 0);
    CHECK(binarised(dot).data.size() == dot.data.size());
  }
}

TEST_CASE("the sample pages: blanks, and skew as drawn") {
  struct Page {
    const char* name;
    bool blank;
    double skew;
  };
  for (const auto& [name, blank, skew] :
       {Page{"p01.jpg", false, 0.6}, Page{"p02.jpg", false, -1.1}, Page{"p08.jpg", false, -1.8},
        Page{"p10.jpg", false, 0.3}, Page{"p11.jpg", true, 0}, Page{"p12.jpg", true, 0}}) {
    const auto page = shared_image("pages", name);
    if (!page) return;
    INFO(name);
    CHECK(inspect(*page).blank == blank);
    CHECK(skew_of(*page) == Approx(skew).margin(0.11));
  }
}

TEST_CASE("the blank pages of another program are judged as it judges them") {
  const auto blank = shared_image("corpus", "pageimage/naps2__blank1.jpg");
  const auto printed = shared_image("corpus", "pageimage/naps2__notblank.jpg");
  if (!blank || !printed) return;
  CHECK(inspect(*blank).blank);
  CHECK_FALSE(inspect(*printed).blank);
}
