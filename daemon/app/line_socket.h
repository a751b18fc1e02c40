#pragma once

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"

namespace mailroom::app {

/// One JSON object a line over a connected stream socket. Thread-bound.
class LineSocket {
 public:
  explicit LineSocket(UniqueFd socket) : socket_(std::move(socket)) {}

  /// The next object; nullopt at the end. Errc::refused for a line over 1 MiB, Errc::invalid_input
  /// for one that is not a JSON object, Errc::timed_out when none comes in time; what came of it is
  /// kept for the next call.
  Result<std::optional<nlohmann::json>> receive(std::chrono::milliseconds timeout);

  /// Errc::timed_out when the other end does not read within the limit, if there is one.
  Result<void> send(const nlohmann::json& object);
  Result<void> limit_sending(std::chrono::seconds limit);
  [[nodiscard]] int fd() const { return socket_.get(); }

 private:
  Result<std::optional<std::string>> take_line();

  UniqueFd socket_;
  std::string received_;
};

}  // namespace mailroom::app
