#include "ocr/codec/decode.h"

#include <tiff.h>

#include <catch2/catch.hpp>

#include "daemon/base/durable_file.h"
#include "tests/ocr/codec/encoded_samples.h"
#include "tests/support/shared_folder.h"

using namespace mailroom;
using namespace mailroom::ocr;
using namespace mailroom::test;

namespace {

Pixels only_image(const Result<std::vector<Pixels>>& images) {
  if (!images) FAIL(images.error().message());
  REQUIRE(images->size() == 1);
  return images->front();
}

void check_shape(const Pixels& image, int width, int height, int channels) {
  CHECK(image.width == width);
  CHECK(image.height == height);
  CHECK(image.channels == channels);
  CHECK(image.data.size() == static_cast<std::size_t>(width * height * channels));
}

int largest_difference(const Pixels& a, const Pixels& b) {
  REQUIRE(a.data.size() == b.data.size());
  int worst = 0;
  for (std::size_t i = 0; i < a.data.size(); ++i) worst = std::max(worst, std::abs(a.data[i] - b.data[i]));
  return worst;
}

Errc error_of(ByteView bytes, const DecodeLimits& limits = {}) {
  const auto images = decode_images(bytes, limits);
  REQUIRE_FALSE(images);
  CHECK_FALSE(images.error().what.empty());
  CHECK_FALSE(images.error().remedy.empty());
  return images.error().code;
}

}  // namespace

TEST_CASE("grey and colour come back as they were, with their resolution") {
  const int channels = GENERATE(1, 3);
  const Pixels image = sample(90, 60, channels);
  const auto [bytes, tolerance, dpi] =
      GENERATE_COPY(std::tuple{as_jpeg(image), 24, 300}, std::tuple{as_png(image), 0, 300},
                    std::tuple{as_png(image, 16), 0, 300}, std::tuple{as_pnm(image), 0, 0},
                    std::tuple{as_tiff(image, {COMPRESSION_NONE}), 0, 300},
                    std::tuple{as_tiff(image, {COMPRESSION_LZW}), 0, 300},
                    std::tuple{as_tiff(image, {COMPRESSION_ADOBE_DEFLATE}), 0, 300},
                    std::tuple{as_tiff(image, {COMPRESSION_PACKBITS}), 0, 300},
                    std::tuple{as_tiff(image, {COMPRESSION_LZW, 8, 1, true}), 0, 300});
  CHECK(looks_like_image(bytes));
  const Pixels read = only_image(decode_images(bytes));
  check_shape(read, 90, 60, channels);
  CHECK(read.dpi == dpi);
  CHECK(largest_difference(read, image) <= tolerance);
  check_shape(only_image(decode_grey(bytes)), 90, 60, 1);
}

TEST_CASE("fax compressions come back as black and white") {
  const Pixels image = sample(91, 64, 1);
  const int compression = GENERATE(COMPRESSION_CCITTFAX3, COMPRESSION_CCITTFAX4, COMPRESSION_CCITTRLE);
  const Pixels read = only_image(decode_images(as_tiff(image, {compression, 1})));
  check_shape(read, 91, 64, 1);
  CHECK(read.data[0] == 0);
  CHECK(read.data[90] == 255);
}

TEST_CASE("WebP is read, and grey when asked for") {
  const Pixels image = sample(70, 50, 3);
  CHECK(largest_difference(only_image(decode_images(as_webp(image))), image) == 0);
  check_shape(only_image(decode_grey(as_webp(image))), 70, 50, 1);
}

TEST_CASE("what is transparent shows the paper") {
  const Pixels image = sample(20, 20, GENERATE(1, 3));
  const Pixels read = only_image(decode_images(as_png(image, 8, true)));
  check_shape(read, 20, 20, image.channels);
  CHECK(std::all_of(read.data.begin(), read.data.end(), [](std::uint8_t value) { return value == 255; }));
}

TEST_CASE("a CMYK JPEG becomes RGB the right way round") {
  const Pixels dark = only_image(decode_images(as_cmyk_jpeg(16, 16, 240)));
  const Pixels light = only_image(decode_images(as_cmyk_jpeg(16, 16, 0)));
  check_shape(dark, 16, 16, 3);
  CHECK(dark.data[0] < 20);
  CHECK(light.data[0] > 250);
}

TEST_CASE("the orientation of a camera or a fax is applied") {
  struct Seen {
    int orientation, width, height, black_x, black_y;
  };
  const auto seen = GENERATE(Seen{1, 80, 48, 2, 2}, Seen{3, 80, 48, 77, 45}, Seen{6, 48, 80, 45, 2},
                             Seen{8, 48, 80, 2, 77}, Seen{2, 80, 48, 77, 2});
  const Pixels image = sample(80, 48, 1);
  for (const Bytes& bytes :
       {as_jpeg(image, seen.orientation), as_tiff(image, {COMPRESSION_LZW, 8, seen.orientation})}) {
    const Pixels read = only_image(decode_images(bytes));
    check_shape(read, seen.width, seen.height, 1);
    CHECK(read.data[static_cast<std::size_t>(seen.black_y * seen.width + seen.black_x)] < 20);
  }
}

TEST_CASE("every page of a TIFF is read, but not more than allowed") {
  const Bytes bytes = as_tiff(sample(40, 40, 1), {COMPRESSION_LZW, 8, 1, false, 5});
  CHECK(decode_images(bytes)->size() == 5);
  const auto refused = decode_images(bytes, {}, 4);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::refused);
  CHECK(error_of(bytes, {.max_total_pixels = 40 * 40 * 4}) == Errc::refused);
}

TEST_CASE("a file cut off anywhere is an error and never half a page") {
  const Pixels grey = sample(120, 90, 1);
  const Pixels colour = sample(120, 90, 3);
  const Bytes whole =
      GENERATE_COPY(as_jpeg(grey), as_jpeg(colour), as_png(grey), as_webp(colour), as_pnm(grey),
                    as_tiff(grey, {COMPRESSION_LZW}), as_tiff(grey, {COMPRESSION_CCITTFAX4, 1}));
  REQUIRE(decode_images(whole));
  for (const double share : {0.02, 0.3, 0.6, 0.9, 0.99}) {
    const auto length = static_cast<std::size_t>(static_cast<double>(whole.size()) * share);
    const auto images = decode_images(ByteView(whole).first(length));
    INFO("cut to " << length << " of " << whole.size());
    REQUIRE_FALSE(images);
    CHECK((images.error().code == Errc::corrupt || length < 16));
  }
}

TEST_CASE("flipped bits in a JPEG's data are noticed or harmless, never a crash") {
  const Bytes whole = as_jpeg(sample(200, 150, 1));
  int noticed = 0;
  for (std::size_t at = 20; at < whole.size(); at += 7) {
    Bytes damaged = whole;
    damaged[at] ^= 0x5A;
    if (!decode_images(damaged)) ++noticed;
  }
  CHECK(noticed > 5);
}

TEST_CASE("limits are checked before memory is taken") {
  const std::string huge = "P5\n30000 30000\n255\n";
  CHECK(error_of(as_bytes(huge)) == Errc::refused);
  CHECK(error_of(as_jpeg(sample(300, 10, 1)), {.max_side = 299}) == Errc::refused);
  CHECK(error_of(as_png(sample(100, 100, 1)), {.max_pixels = 9999}) == Errc::refused);
  CHECK(error_of(as_bytes(std::string("P5\n4294967296 1\n255\n"))) != Errc::io);
}

TEST_CASE("one pixel is an image") {
  const Pixels dot = only_image(decode_images(as_png(sample(1, 1, 1))));
  check_shape(dot, 1, 1, 1);
  check_shape(only_image(decode_images(as_jpeg(sample(1, 1, 3)))), 1, 1, 3);
  check_shape(only_image(decode_images(as_pnm(sample(1, 1, 1)))), 1, 1, 1);
}

TEST_CASE("bitmaps of PNM are black and white") {
  std::string file = "P4 9 2\n";
  file += {'\x80', '\x00', '\x00', '\x00'};
  file[file.size() - 1] = '\x80';
  const Pixels image = only_image(decode_images(as_bytes(file)));
  check_shape(image, 9, 2, 1);
  CHECK(image.data[0] == 0);
  CHECK(image.data[1] == 255);
  CHECK(image.data[17] == 0);
}

TEST_CASE("what is no image is named as such") {
  CHECK(error_of({}) == Errc::unsupported);
  CHECK(error_of(as_bytes("%PDF-1.7")) == Errc::unsupported);
  CHECK_FALSE(looks_like_image(as_bytes("P5x")));
}

TEST_CASE("the broken images of the samples are clean errors") {
  const auto corpus = shared_folder("corpus");
  if (!corpus) return;
  struct Broken {
    const char* name;
    Errc code;
  };
  for (const auto& [name, code] : {Broken{"docspell__20K-gray.png", Errc::refused},
                                   Broken{"libtiff__test_ifd_loop_to_self.tif", Errc::corrupt},
                                   Broken{"libtiff__test_ifd_loop_to_first.tif", Errc::corrupt}}) {
    INFO(name);
    CHECK(error_of(*read_file(*corpus / "broken" / name)) == code);
  }
}

TEST_CASE("the sample pages are read at 300 dpi") {
  const auto pages = shared_folder("pages");
  if (!pages) return;
  const Pixels page = only_image(decode_grey(*read_file(*pages / "p01.jpg")));
  check_shape(page, 2480, 3508, 1);
  CHECK(page.dpi == 300);
}

TEST_CASE("for a thumbnail a JPEG comes out smaller, but not below what is wanted") {
  const Bytes bytes = as_jpeg(sample(400, 240, 3));
  const auto [longest, width] = GENERATE(std::pair{401, 400}, std::pair{200, 200}, std::pair{120, 200},
                                         std::pair{100, 100}, std::pair{7, 50});
  check_shape(only_image(decode_small(bytes, longest)), width, width * 240 / 400, 3);
}
