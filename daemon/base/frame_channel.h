#pragma once

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"

namespace mailroom {

/// One message between the daemon and a helper process (docs/formats/helper-protocol.md).
struct Frame {
  std::string type;              ///< what it is: "scan", "image", "page", ...
  nlohmann::json body = nlohmann::json::object();
  Bytes payload = {};            ///< bytes that ride along; travels as a sealed memfd when large
};

/// A connected stream socket that carries Frames. Payloads of 64 KiB and more travel as sealed
/// memfds (F_SEAL_SHRINK, GROW, WRITE), so that a helper that is killed in the middle leaves no
/// half payload, and neither side can change bytes the other has already checked.
/// Thread-bound: one reader and one writer at a time.
class FrameChannel {
 public:
  /// Takes over a connected AF_UNIX stream socket.
  explicit FrameChannel(UniqueFd socket) : socket_(std::move(socket)) {}

  /// Two ends of a new socket pair; hand the second one to a child.
  static Result<std::pair<FrameChannel, UniqueFd>> pair();

  /// Errc::crashed when the peer is gone.
  Result<void> send(const Frame& frame);

  /// The next frame; nullopt when the peer closed cleanly between frames. Errc::timed_out when
  /// nothing arrives within `timeout` (a started frame must also finish in it); Errc::corrupt for
  /// a frame that breaks the protocol or its limits; Errc::crashed when cut off inside a frame.
  Result<std::optional<Frame>> receive(std::chrono::milliseconds timeout);

  [[nodiscard]] int fd() const { return socket_.get(); }
  void close() { socket_.reset(); }

 private:
  UniqueFd socket_;
};

/// The descriptor number on which every helper process finds its end of the channel.
inline constexpr int kHelperChannelFd = 3;

}  // namespace mailroom
