#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <regex>

#include "tests/ocr/pdf/sample_pages.h"
#include "tests/support/temporary_folder.h"

namespace mailroom::ocr {
namespace {

using pdf_test::BarPage;

const std::vector<std::vector<std::string>> kLines{
    {"Oben", "steht", "eine", "Zeile"}, {"in", "der", "Mitte", "Bürgerbüro"}, {"unten", "der", "Gruß"}};

struct FoundWord {
  double left, top, right, bottom;
  std::string text;
};

std::vector<FoundWord> words_with_boxes(const std::string& html) {
  static const std::regex kWord(
      R"re(<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)</word>)re");
  std::vector<FoundWord> words;
  for (auto match = std::sregex_iterator(html.begin(), html.end(), kWord); match != std::sregex_iterator();
       ++match) {
    const auto& m = *match;
    words.push_back({std::stod(m[1]), std::stod(m[2]), std::stod(m[3]), std::stod(m[4]), m[5]});
  }
  return words;
}

/// A page as a viewer shows it, one pixel a point.
struct Shown {
  int width = 0;
  int height = 0;
  std::string pixels;
  [[nodiscard]] bool ink(int x, int y) const {
    return static_cast<unsigned char>(pixels[static_cast<std::size_t>(y * width + x)]) < 128;
  }
};

Shown shown(const std::string& pgm) {
  Shown page;
  REQUIRE(std::sscanf(pgm.c_str(), "P5 %d %d", &page.width, &page.height) == 2);
  page.pixels =
      pgm.substr(pgm.size() - static_cast<std::size_t>(page.width) * static_cast<std::size_t>(page.height));
  return page;
}

bool in_some_word(const std::vector<FoundWord>& words, double x, double y, double tolerance) {
  return std::any_of(words.begin(), words.end(), [&](const FoundWord& word) {
    return x >= word.left - tolerance && x <= word.right + tolerance && y >= word.top - tolerance &&
           y <= word.bottom + tolerance;
  });
}

double share_of_ink(const Shown& page, const FoundWord& word) {
  int ink = 0;
  int all = 0;
  for (int y = static_cast<int>(word.top) + 2; y < static_cast<int>(word.bottom) - 1; ++y) {
    for (int x = static_cast<int>(word.left) + 2; x < static_cast<int>(word.right) - 1; ++x) {
      ++all;
      if (page.ink(x, y)) ++ink;
    }
  }
  return all == 0 ? 0 : static_cast<double>(ink) / all;
}

TEST_CASE("turned and skewed pages show upright with each word on its ink") {
  const test::TemporaryFolder folder;
  const int rotation = GENERATE(0, 90, 180, 270);
  const double skew = GENERATE(0.0, 2.0, -3.0);
  INFO("rotation " << rotation << ", skew " << skew);
  const BarPage captured = pdf_test::bar_page(kLines, rotation, skew);
  const auto pdf = write_pdf(std::vector{pdf_test::pdf_page(captured)}, pdf_test::metadata());
  REQUIRE(pdf);
  const std::string file = pdf_test::saved(folder.path(), "a.pdf", *pdf);
  const auto words = words_with_boxes(pdf_test::run("pdftotext -bbox " + file + " -"));
  const Shown page = shown(pdf_test::run("pdftoppm -r 72 -gray " + file));
  REQUIRE(words.size() == 11);
  CHECK(page.height > page.width);
  for (std::size_t i = 0; i < words.size(); ++i) {
    INFO(words[i].text);
    CHECK(words[i].text == captured.report.words[i].text);
    CHECK(share_of_ink(page, words[i]) > 0.85);
  }
  int stray = 0;
  for (int y = 0; y < page.height; ++y) {
    for (int x = 0; x < page.width; ++x) {
      if (page.ink(x, y) && !in_some_word(words, x + 0.5, y + 0.5, 2.5)) ++stray;
    }
  }
  CHECK(stray == 0);
}

TEST_CASE("no captured pixel falls off a deskewed page") {
  const test::TemporaryFolder folder;
  const BarPage captured = pdf_test::bar_page(kLines, 0, 4);
  const auto pdf = write_pdf(std::vector{pdf_test::pdf_page(captured)}, pdf_test::metadata());
  REQUIRE(pdf);
  const Shown page =
      shown(pdf_test::run("pdftoppm -r 72 -gray " + pdf_test::saved(folder.path(), "a.pdf", *pdf)));
  const double angle = 4 * 3.14159265 / 180;
  const double wide = 620 * 0.96;
  const double high = 877 * 0.96;
  CHECK(page.width == Approx(wide * std::cos(angle) + high * std::sin(angle)).margin(1.5));
  CHECK(page.height == Approx(wide * std::sin(angle) + high * std::cos(angle)).margin(1.5));
}

TEST_CASE("a crop is what viewers show, the whole image stays in the file") {
  const test::TemporaryFolder folder;
  const BarPage captured = pdf_test::bar_page(kLines, 90, 0);
  auto page = pdf_test::pdf_page(captured);
  page.crop = Box{100, 50, 500, 400};  // on its side: 400 wide and 500 high once upright
  const auto pdf = write_pdf(std::vector{page}, pdf_test::metadata());
  REQUIRE(pdf);
  const std::string boxes = pdf_test::run("pdfinfo -box " + pdf_test::saved(folder.path(), "a.pdf", *pdf));
  CHECK(std::regex_search(boxes, std::regex("Page size: +384 x 480 pts")));
  CHECK(std::regex_search(boxes, std::regex("MediaBox: +0.00 +0.00 +595.20 +841.92")));
  CHECK(embedded_image_digests(*pdf).value() == std::vector{captured.image.sha256});
}

TEST_CASE("words of one line share one height, a misread rule beside them does not stretch it") {
  const test::TemporaryFolder folder;
  BarPage captured = pdf_test::bar_page({{"aus", "Jägerhof", "nun", "und", "hier"}}, 0, 0);
  auto& words = captured.report.words;
  words[0].box.y += 4;
  words[0].box.height -= 4;
  words[4].box = {words[4].box.x, 20, 6, 800};
  const auto pdf = write_pdf(std::vector{pdf_test::pdf_page(captured)}, pdf_test::metadata());
  REQUIRE(pdf);
  const auto found = words_with_boxes(
      pdf_test::run("pdftotext -bbox " + pdf_test::saved(folder.path(), "a.pdf", *pdf) + " -"));
  REQUIRE(found.size() == 5);
  for (const auto& word : found) {
    if (word.text == "hier") continue;
    CHECK(word.top == Approx(150 * 0.96).margin(0.5));
    CHECK(word.bottom == Approx(164 * 0.96).margin(0.5));
  }
}

}  // namespace
}  // namespace mailroom::ocr
