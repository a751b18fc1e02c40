#include "drivers/scanner/messages/messages.h"

#include <catch2/catch.hpp>

#include "daemon/crypto/digest.h"

using namespace mailroom;
using namespace mailroom::drivers;

TEST_CASE("settings and counts survive the way to the scan process and back") {
  const FeedSettings settings{Source::flatbed, ColourMode::colour, 240, 148, 210, 55};
  const auto read = messages::settings_from(messages::to_json(settings)).value();
  CHECK(read.source == Source::flatbed);
  CHECK(read.mode == ColourMode::colour);
  CHECK(read.dpi == 240);
  CHECK(read.width_mm == 148);
  CHECK(read.jpeg_quality == 55);
  const auto count = messages::count_from(messages::to_json(DeviceCount{7, std::nullopt, true})).value();
  CHECK(count.sheets_fed == 7);
  CHECK_FALSE(count.feeder_loaded);
  CHECK(count.double_feed == true);
}

TEST_CASE("an error keeps its code, place and remedy") {
  Error error{Errc::paper_jam, "paper jam", Place::on_device("one"), "clear the path"};
  error.place.page = "4 back";
  const auto read = messages::error_from(messages::to_json(error));
  CHECK(read.message() == error.message());
  CHECK(read.code == Errc::paper_jam);
  CHECK(messages::error_from({{"what", 3}}).code == Errc::corrupt);
}

TEST_CASE("messages that break the protocol are corrupt") {
  auto settings = messages::to_json(FeedSettings{});
  settings["source"] = "drawer";
  CHECK(messages::settings_from(settings).error().code == Errc::corrupt);
  CHECK(messages::settings_from(nlohmann::json::array()).error().code == Errc::corrupt);
  CHECK(messages::device_from({{"name", 1}}).error().code == Errc::corrupt);
  CHECK(messages::count_from({{"sheets_fed", "many"}}).error().code == Errc::corrupt);
}

TEST_CASE("an image whose bytes are not those of its digest is refused") {
  const std::string_view text = "bytes of an image";
  CapturedImage image{1, Side::back, ImageFormat::tiff, 8, 9, 300, 1, 1};
  image.bytes.assign(text.begin(), text.end());
  image.sha256 = sha256_hex(image.bytes);
  Frame frame = messages::image_frame(image);
  const auto read = messages::image_from(frame).value();
  CHECK(read.side == Side::back);
  CHECK(read.format == ImageFormat::tiff);
  CHECK(read.bytes == image.bytes);
  frame.payload[0] ^= 1;
  CHECK(messages::image_from(frame).error().code == Errc::corrupt);
}
