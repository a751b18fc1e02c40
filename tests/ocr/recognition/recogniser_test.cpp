#include "ocr/recognition/recogniser.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "daemon/base/durable_file.h"
#include "ocr/image/pixels.h"
#include "ocr/paper/canvas.h"
#include "tests/support/shared_folder.h"

using namespace mailroom;

namespace {

ocr::Recogniser loaded() {
  return std::move(ocr::Recogniser::load({"deu"}).value());
}

ocr::Pixels page_of(const std::filesystem::path& folder, const std::string& name) {
  return ocr::decode_grey(read_file(folder / name).value()).value().front();
}

Box box_of_word(const ocr::Recognition& read, const std::string& word) {
  for (const auto& found : read.words) {
    if (found.text == word) return found.box;
  }
  return {};
}

}  // namespace

TEST_CASE("a model that is not installed is named with its remedy") {
  const auto missing = ocr::Recogniser::load({"klingon"});
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().code == Errc::not_found);
  CHECK_FALSE(missing.error().remedy.empty());
}

TEST_CASE("an image without text has no words and lies as it is") {
  auto recogniser = loaded();
  for (const int side : {1, 3, 40, 700}) {
    const ocr::Pixels white{side, side, 300, 1, Bytes(std::size_t(side) * std::size_t(side), 255)};
    const auto read = recogniser.recognise(white);
    REQUIRE(read.has_value());
    CHECK(read->words.empty());
    CHECK(read->rotation == 0);
  }
}

TEST_CASE("a few lines on grainy paper are read, tilted too") {
  auto recogniser = loaded();
  for (const double tilt : {0.0, -1.2}) {
    auto page = ocr::draw_pixels(
                    [](ocr::Canvas& canvas) {
                      canvas.text(25, 40, "Zahlung per SEPA Überweisung", {.size = 10});
                      canvas.text(25, 50, "Kontoinhaber Stadtwerke Marburg", {.size = 10});
                      canvas.text(25, 60, "IBAN DE02120300000000202051", {.size = 10});
                    },
                    300, tilt)
                    .value();
    std::minstd_rand random(7);
    std::normal_distribution<float> grain(0, 14);
    for (auto& value : page.data)
      value = std::uint8_t(std::clamp(247 - 0.85F * float(255 - value) + grain(random), 0.0F, 255.0F));
    const auto read = recogniser.recognise(page);
    REQUIRE(read.has_value());
    INFO(read->text);
    CHECK(read->rotation == 0);
    CHECK(read->text.find("Stadtwerke") != std::string::npos);
  }
}

TEST_CASE("every lie of every page is found") {
  const auto pages = test::shared_folder("pages");
  if (!pages) return;
  auto recogniser = loaded();
  for (int number = 1; number <= 10; ++number) {
    const std::string name = std::string(number < 10 ? "p0" : "p") + std::to_string(number) + ".jpg";
    const auto page = page_of(*pages, name);
    const int lies = number == 7 || number == 10 ? 180 : 0;
    for (const int turn : {0, 90, 180, 270}) {
      INFO(name << " turned by " << turn);
      CHECK(recogniser.rotation_of(ocr::turned(page, turn)) == (lies + 360 - turn) % 360);
    }
  }
}

TEST_CASE("boxes of a page that lies upside down or is coarse are in the pixels of the image given") {
  const auto pages = test::shared_folder("pages");
  if (!pages) return;
  auto recogniser = loaded();
  const auto page = page_of(*pages, "p01.jpg");
  const auto upright_read = recogniser.recognise(page).value();
  const Box expected = box_of_word(upright_read, "Sehr");
  REQUIRE(expected.width > 0);
  CHECK(upright_read.confidence > 0.8);

  const auto turned_read = recogniser.recognise(ocr::turned(page, 180)).value();
  CHECK(turned_read.rotation == 180);
  const Box back = upright(box_of_word(turned_read, "Sehr"), page.width, page.height, 180);
  CHECK(std::abs(back.x - expected.x) <= 3);
  CHECK(std::abs(back.y - expected.y) <= 3);

  const auto coarse_read = recogniser.recognise(ocr::scaled(page, 0.5)).value();
  const Box half = box_of_word(coarse_read, "Sehr");
  CHECK(std::abs(half.x * 2 - expected.x) <= 8);
  CHECK(std::abs(half.width * 2 - expected.width) <= 12);
}
