#include <catch2/catch.hpp>

#include "ocr/codec/decode.h"
#include "ocr/codec/encode.h"
#include "ocr/worker/client/page_client.h"

using namespace mailroom;

namespace {

constexpr int kWidth = 400, kHeight = 600;

ocr::PageWorker started() {
  auto worker = ocr::PageWorker::start(
      {.program = MAILROOM_PAGE, .pictures_only = true, .page_limit = std::chrono::milliseconds(10'000)});
  if (!worker) FAIL(worker.error().message());
  return std::move(*worker);
}

/// A side as a scanner's process hands it over: white, its upper left quarter dark. `noisy` makes it a large file.
Bytes captured(int channels = 1, bool noisy = false) {
  Bytes pixels(std::size_t(kWidth) * kHeight * std::size_t(channels), 240);
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    const std::size_t at = i / std::size_t(channels);
    if (at % kWidth < kWidth / 2 && at / kWidth < kHeight / 2) pixels[i] = 20;
    if (noisy) pixels[i] = std::uint8_t(i * 2654435761U >> 13U);
  }
  const auto side = ocr::encode_capture({kWidth, kHeight, 150, channels, 8, kWidth * channels, pixels}, 90);
  if (!side) FAIL(side.error().message());
  return side->bytes;
}

ocr::Pixels drawn(ocr::PageWorker& worker, ByteView side, const ocr::PictureRequest& request) {
  const auto jpeg = worker.picture(side, request);
  if (!jpeg) FAIL(jpeg.error().message());
  auto images = ocr::decode_images(*jpeg);
  if (!images) FAIL(images.error().message());
  return std::move(images->front());
}

int grey_at(const ocr::Pixels& image, int x, int y) {
  return image.data[(std::size_t(y) * std::size_t(image.width) + std::size_t(x)) * std::size_t(image.channels)];
}

}  // namespace

TEST_CASE("a picture is turned clockwise and keeps its size and resolution") {
  auto worker = started();
  const auto [rotation, x, y] = GENERATE(std::tuple{0, 10, 10}, std::tuple{90, kHeight - 10, 10},
                                         std::tuple{180, kWidth - 10, kHeight - 10}, std::tuple{270, 10, kWidth - 10});
  const auto picture = drawn(worker, captured(), {rotation, 0});
  const bool lying = rotation % 180 != 0;
  CHECK(picture.width == (lying ? kHeight : kWidth));
  CHECK(picture.height == (lying ? kWidth : kHeight));
  CHECK(picture.dpi == 150);
  CHECK(grey_at(picture, x, y) < 60);
  CHECK(grey_at(picture, picture.width - 1 - x, picture.height - 1 - y) > 200);
}

TEST_CASE("a thumbnail is at most as long as wanted and keeps its colours") {
  auto worker = started();
  const int longest = GENERATE(16, 256, 599);
  const auto picture = drawn(worker, captured(3), {90, longest});
  CHECK(picture.width <= longest);
  CHECK(picture.width > longest / 2 - 1);
  CHECK(picture.channels == 3);
  CHECK(grey_at(picture, picture.width - 2, 1) < 60);
}

TEST_CASE("a large picture comes back whole") {
  auto worker = started();
  const auto jpeg = worker.picture(captured(3, true), {180, 0});
  if (!jpeg) FAIL(jpeg.error().message());
  CHECK(jpeg->size() > (64U << 10U));
  CHECK(ocr::decode_images(*jpeg));
}

TEST_CASE("a side that is no image is an error of that picture, and the worker goes on") {
  auto worker = started();
  Bytes cut = captured();
  cut.resize(cut.size() / 2);
  CHECK(worker.picture(cut, {}).error().code == Errc::corrupt);
  CHECK(worker.picture(as_bytes("hello"), {}).error().code == Errc::unsupported);
  CHECK(worker.picture(captured(), {45, 0}).error().code == Errc::invalid_input);
  CHECK(worker.picture(captured(), {0, 256}));
}

TEST_CASE("what takes over a worker for pictures reaches neither files nor network nor programs") {
  auto worker = started();
  for (const char* fault : {"open_file", "create_file", "socket"}) {
    CHECK(worker.picture(as_bytes(std::string("mailroom-fault:") + fault), {}).error().code == Errc::refused);
  }
  CHECK(worker.picture(as_bytes("mailroom-fault:exec"), {}).error().code == Errc::crashed);
  CHECK_FALSE(worker.alive());
  REQUIRE(worker.restart());
  CHECK(worker.picture(captured(), {0, 256}));
}

TEST_CASE("a worker for pictures reads no pages") {
  auto worker = started();
  CHECK(worker.read_page(captured(), {}).error().code == Errc::crashed);
}
