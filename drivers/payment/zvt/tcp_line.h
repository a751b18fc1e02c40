#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"
#include "drivers/payment/zvt/apdu.h"

namespace mailroom::payment::zvt {

/// Messages over one TCP connection, whole whatever pieces they come in. Move-only; thread-bound.
class TcpLine {
 public:
  /// `place`: "HOST:PORT". Errc::unreachable.
  static Result<TcpLine> connect(const std::string& place, std::chrono::milliseconds patience);
  explicit TcpLine(UniqueFd socket) : socket_(std::move(socket)) {}

  Result<void> send(const Apdu& apdu);

  /// The next message; Errc::timed_out without one, Errc::unreachable when the line is gone. `until`: nullopt as soon
  /// as it asks to stop.
  Result<std::optional<Apdu>> receive(std::chrono::milliseconds patience, const std::stop_token& until = {});

 private:
  UniqueFd socket_;
  Bytes came_;
};

}  // namespace mailroom::payment::zvt
