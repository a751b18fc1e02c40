#include "drivers/virtual/paper.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "ocr/codec/encode.h"
#include "tests/support/temporary_folder.h"

using namespace mailroom;
using namespace mailroom::drivers;
using namespace mailroom::drivers::feeder;

namespace {

/// A grey page of the given resolution: black upper half, white lower half.
std::filesystem::path halves(const test::TemporaryFolder& folder, int width, int height, int dpi) {
  Bytes rows(std::size_t(width) * std::size_t(height), 255);
  std::fill(rows.begin(), rows.begin() + std::ptrdiff_t(rows.size() / 2), std::uint8_t{0});
  const auto image = ocr::encode_capture({width, height, dpi, 1, 8, width, rows}, 95).value();
  const auto file = folder.path() / "page.jpg";
  std::ofstream(file, std::ios::binary) << as_text(image.bytes);
  return file;
}

}  // namespace

TEST_CASE("an image of another resolution is scaled to the one asked for") {
  const test::TemporaryFolder folder;
  const auto file = halves(folder, 400, 600, 200);
  for (const int dpi : {100, 200, 300}) {
    const auto side = load_side(file, ColourMode::grey, dpi).value();
    CHECK(side.width == 2 * dpi);
    CHECK(side.height == 3 * dpi);
    CHECK(side.rows.size() == std::size_t(6 * dpi * dpi));
    CHECK(side.rows.front() < 10);
    CHECK(side.rows[side.rows.size() / 2 - std::size_t(20 * side.width)] < 10);
    CHECK(side.rows[side.rows.size() / 2 + std::size_t(20 * side.width)] > 245);
    CHECK(side.rows.back() > 245);
  }
}

TEST_CASE("each mode has its own rows") {
  const test::TemporaryFolder folder;
  const auto file = halves(folder, 401, 600, 200);
  const auto colour = load_side(file, ColourMode::colour, 200).value();
  CHECK(colour.stride == 401 * 3);
  CHECK(colour.rows.size() == 401U * 3 * 600);
  const auto bilevel = load_side(file, ColourMode::bilevel, 200).value();
  CHECK(bilevel.stride == 51);
  CHECK(bilevel.rows.front() == 0xFF);
  CHECK(bilevel.rows[50] == 0x80);
  CHECK(bilevel.rows.back() == 0);
}

TEST_CASE("the white back of a sheet is white in each mode") {
  const test::TemporaryFolder folder;
  const auto file = halves(folder, 80, 80, 200);
  const auto grey = load_side(file, ColourMode::grey, 200).value();
  CHECK(blank_side(grey, ColourMode::grey).rows == Bytes(grey.rows.size(), 255));
  const auto bilevel = load_side(file, ColourMode::bilevel, 200).value();
  CHECK(blank_side(bilevel, ColourMode::bilevel).rows == Bytes(bilevel.rows.size(), 0));
}

TEST_CASE("paper that does not fit and files that are no image are errors") {
  const test::TemporaryFolder folder;
  CHECK(load_side(halves(folder, 1300, 20, 100), ColourMode::grey, 100).error().code == Errc::refused);
  CHECK(load_side(folder.path() / "none.png", ColourMode::grey, 100).error().code == Errc::not_found);
  std::ofstream(folder.path() / "text.png") << "text";
  CHECK_FALSE(load_side(folder.path() / "text.png", ColourMode::grey, 100));
}
