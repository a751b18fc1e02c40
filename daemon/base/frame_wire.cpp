#include "daemon/base/frame_wire.h"

#include <cstring>

namespace mailroom {
namespace {

constexpr std::array<char, 4> kMagic = {'M', 'R', 'F', '1'};
constexpr std::size_t kBodyLimit = 64U << 20U;
constexpr std::size_t kPayloadLimit = 1U << 30U;

struct Layout {
  std::array<char, 4> magic = kMagic;
  std::uint32_t body_size = 0;
  std::uint64_t payload_size = 0;
  std::uint32_t payload_by_fd = 0;
  std::uint32_t reserved = 0;
};
static_assert(sizeof(Layout) == kFrameHeadSize);

}  // namespace

FrameHeadBytes write_frame_head(const FrameHead& head) {
  Layout layout;
  layout.body_size = std::uint32_t(head.body_size);
  layout.payload_size = head.payload_size;
  layout.payload_by_fd = head.payload_by_fd ? 1 : 0;
  FrameHeadBytes bytes{};
  std::memcpy(bytes.data(), &layout, sizeof layout);
  return bytes;
}

Result<FrameHead> read_frame_head(const FrameHeadBytes& bytes) {
  Layout layout;
  std::memcpy(&layout, bytes.data(), sizeof layout);
  if (layout.magic != kMagic || layout.body_size > kBodyLimit || layout.payload_size > kPayloadLimit) {
    return fail(Errc::corrupt, "the helper sent something that is not a frame");
  }
  return FrameHead{layout.body_size, std::size_t(layout.payload_size), layout.payload_by_fd != 0};
}

std::string write_frame_body(const Frame& frame) {
  return nlohmann::json{{"type", frame.type}, {"body", frame.body}}.dump(
      -1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<Frame> read_frame_body(const std::string& text) {
  auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("type") || !json["type"].is_string()) {
    return fail(Errc::corrupt, "the helper sent a frame that is not JSON with a type");
  }
  Frame frame;
  frame.type = json["type"].get<std::string>();
  if (json.contains("body")) frame.body = std::move(json["body"]);
  return frame;
}

}  // namespace mailroom
