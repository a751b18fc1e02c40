#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "daemon/base/frame_channel.h"
#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"
#include "daemon/crypto/tls_stream.h"

namespace mailroom::drivers {

/// Where the computer at a scanner answers.
struct LinkAddress {
  std::string host;  ///< DNS name or IP address; must be in its certificate
  std::string port;
};

/// Frames over mutual TLS, for a scanner at another computer (docs/formats/helper-protocol.md). The payload
/// follows the body: there are no descriptors to send along. Move-only, thread-bound.
class RemoteChannel {
 public:
  explicit RemoteChannel(TlsStream stream) : stream_(std::move(stream)) {}

  /// Errc::unreachable when nobody answers, Errc::refused when the other end is not who it should be.
  static Result<RemoteChannel> connect(const LinkAddress& address, const TlsParty& us);

  Result<void> send(const Frame& frame);

  /// The next frame, which has begun to arrive; nullopt when the peer said goodbye between frames.
  Result<std::optional<Frame>> receive();

  [[nodiscard]] bool holds_bytes() const { return stream_.holds_bytes(); }
  [[nodiscard]] int fd() const { return stream_.fd(); }

 private:
  TlsStream stream_;
};

/// A socket that listens at `address` and `port`; port 0 is any free one.
Result<UniqueFd> listen_at(const LinkAddress& address);

/// Makes a connection that has died without a word known within seconds: by keepalive when it is idle, by a
/// limit on what is not acknowledged when it is not (tcp(7)).
void notice_silence(int socket);

}  // namespace mailroom::drivers
