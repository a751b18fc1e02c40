#pragma once

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"

namespace mailroom::app {

inline constexpr std::size_t kRequestBytes = std::size_t{1} << 20U;  ///< of a line that asks the daemon
inline constexpr std::size_t kAnswerBytes = std::size_t{64} << 20U;  ///< of a line that it answers

/// One JSON object a line over a connected stream socket. Thread-bound.
class LineSocket {
 public:
  /// `longest`: bytes of a line that is taken from the other end.
  explicit LineSocket(UniqueFd socket, std::size_t longest = kRequestBytes)
      : socket_(std::move(socket)), longest_(longest) {}

  /// The next object; nullopt at the end. Errc::refused for a line that is too long, Errc::invalid_input
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
  std::size_t longest_;
  std::string received_;
};

}  // namespace mailroom::app
