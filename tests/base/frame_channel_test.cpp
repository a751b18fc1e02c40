#include "daemon/base/frame_channel.h"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sys/socket.h>

using namespace mailroom;
using namespace std::chrono_literals;

namespace {

struct Ends {
  FrameChannel ours;
  FrameChannel theirs;
};

Ends connected() {
  auto made = FrameChannel::pair().value();
  return {std::move(made.first), FrameChannel(std::move(made.second))};
}

}  // namespace

TEST_CASE("a frame arrives with its body and a payload of any size") {
  auto [ours, theirs] = connected();
  for (const std::size_t size : {std::size_t{0}, std::size_t{10}, std::size_t{5'000'000}}) {
    const Frame sent{"image", {{"sheet", 7}}, Bytes(size, 0x5A)};
    REQUIRE(ours.send(sent));
    const auto received = theirs.receive(1s).value().value();
    CHECK(received.type == "image");
    CHECK(received.body.at("sheet") == 7);
    CHECK(received.payload == sent.payload);
  }
}

TEST_CASE("silence is a time-out, a clean end is an empty answer") {
  auto [ours, theirs] = connected();
  CHECK(theirs.receive(20ms).error().code == Errc::timed_out);
  ours.close();
  CHECK_FALSE(theirs.receive(1s).value().has_value());
}

TEST_CASE("bytes that are no frame are named as such") {
  auto [ours, theirs] = connected();
  const std::string noise(200, 'x');
  REQUIRE(::send(ours.fd(), noise.data(), noise.size(), 0) == ssize_t(noise.size()));
  CHECK(theirs.receive(1s).error().code == Errc::corrupt);
}

TEST_CASE("a peer that dies inside a frame is a crash, not an end") {
  auto [ours, theirs] = connected();
  const std::string half = "MRF1";
  REQUIRE(::send(ours.fd(), half.data(), half.size(), 0) == ssize_t(half.size()));
  ours.close();
  CHECK(theirs.receive(1s).error().code == Errc::crashed);
}
