#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "daemon/base/frame_channel.h"

/// How a frame is written, for those who carry frames (docs/formats/helper-protocol.md). All functions are
/// reentrant.
namespace mailroom {

/// The sizes a frame begins with.
struct FrameHead {
  std::size_t body_size = 0;     ///< bytes of JSON
  std::size_t payload_size = 0;  ///< bytes
  bool payload_by_fd = false;    ///< a memfd rides with the head; else the payload follows the body
};

inline constexpr std::size_t kFrameHeadSize = 24;
using FrameHeadBytes = std::array<std::uint8_t, kFrameHeadSize>;

FrameHeadBytes write_frame_head(const FrameHead& head);

/// Errc::corrupt for something that is no frame or is larger than a frame may be.
Result<FrameHead> read_frame_head(const FrameHeadBytes& bytes);

std::string write_frame_body(const Frame& frame);

/// A frame without payload. Errc::corrupt when the text is not JSON with a type.
Result<Frame> read_frame_body(const std::string& text);

}  // namespace mailroom
