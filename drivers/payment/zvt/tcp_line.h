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
  /// `place`: "HOST:PORT". Errc::invalid_input for what is no place, unreachable.
  static Result<TcpLine> connect(const std::string& place, std::chrono::milliseconds patience);
  TcpLine(UniqueFd socket, std::string place) : socket_(std::move(socket)), place_(std::move(place)) {}

  /// Errc::unreachable when the line is gone.
  Result<void> send(const Apdu& apdu);

  /// The next message; Errc::timed_out without one, unreachable when the line is gone, corrupt for octets
  /// that are no message.
  Result<Apdu> receive(std::chrono::milliseconds patience);
  /// The same; nullopt as soon as `stop` asks for it.
  Result<std::optional<Apdu>> receive_or_stop(std::chrono::milliseconds patience,
                                              const std::stop_token& stop);

 private:
  Result<void> read_some();

  UniqueFd socket_;
  std::string place_;
  ApduReader reader_;
};

}  // namespace mailroom::payment::zvt
