#include "daemon/app/line_socket.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace mailroom::app {
namespace {

Result<nlohmann::json> object_in(const std::string& line) {
  auto json = nlohmann::json::parse(line, nullptr, false);
  if (!json.is_object()) return fail(Errc::invalid_input, "the line is not a JSON object");
  return json;
}

}  // namespace

Result<std::optional<std::string>> LineSocket::take_line() {
  const auto end = received_.find('\n');
  if (std::min(end, received_.size()) > longest_)
    return fail(Errc::refused, "the line is longer than " + std::to_string(longest_ >> 20U) + " MiB");
  if (end == std::string::npos) return std::optional<std::string>();
  std::string line = received_.substr(0, end);
  received_.erase(0, end + 1);
  return std::optional(std::move(line));
}

Result<std::optional<nlohmann::json>> LineSocket::receive(std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  for (;;) {
    MAILROOM_TRY(const auto line, take_line());
    if (line) {
      MAILROOM_TRY(auto object, object_in(*line));
      return std::optional(std::move(object));
    }
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd wanted{socket_.get(), POLLIN, 0};
    const int ready = ::poll(&wanted, 1, int(std::max<std::int64_t>(left.count(), 0)));
    if (ready < 0 && errno == EINTR) continue;
    if (ready < 0) return fail_errno("the control socket cannot be waited for", errno);
    if (ready == 0) return fail(Errc::timed_out, "no answer on the control socket");
    std::array<char, 65536> buffer;
    const ssize_t count = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_errno("the control socket cannot be read", errno);
    if (count == 0) return std::optional<nlohmann::json>();
    received_.append(buffer.data(), std::size_t(count));
  }
}

Result<void> LineSocket::limit_sending(std::chrono::seconds limit) {
  const timeval time{limit.count(), 0};
  if (::setsockopt(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time) == 0) return {};
  return fail_errno("the control socket cannot be set up", errno);
}

Result<void> LineSocket::send(const nlohmann::json& object) {
  std::string line = object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  std::string_view left = line;
  while (!left.empty()) {
    const ssize_t sent = ::send(socket_.get(), left.data(), left.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno == EAGAIN)
      return fail(Errc::timed_out, "the other end of the control socket does not read");
    if (sent < 0) return fail_errno("the control socket cannot be written", errno);
    left.remove_prefix(std::size_t(sent));
  }
  return {};
}

}  // namespace mailroom::app
