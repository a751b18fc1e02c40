#include "drivers/scanner/escl/http_get.h"

#include <netdb.h>
#include <poll.h>
#include <strings.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <memory>
#include <optional>
#include <sstream>

#include "daemon/base/unique_fd.h"

namespace mailroom::drivers {
namespace {

constexpr std::size_t kLimit = 256U << 10U;

using Deadline = std::chrono::steady_clock::time_point;

struct AddressList {
  void operator()(addrinfo* list) const noexcept { ::freeaddrinfo(list); }
};

tl::unexpected<Error> no_answer() {
  return fail(Errc::device_lost, "the scanner does not answer on the network", {},
              "check its power and network");
}

bool ready_in_time(int socket, short events, Deadline deadline) {
  for (;;) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd wanted{socket, events, 0};
    const int ready = ::poll(&wanted, 1, int(left.count()));
    if (ready >= 0 || errno != EINTR) return ready > 0;
  }
}

/// Connects without ever waiting longer than `deadline`.
std::optional<UniqueFd> connected(const addrinfo& place, Deadline deadline) {
  UniqueFd socket(::socket(place.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket.valid()) return std::nullopt;
  if (::connect(socket.get(), place.ai_addr, place.ai_addrlen) == 0) return socket;
  if (errno != EINPROGRESS || !ready_in_time(socket.get(), POLLOUT, deadline)) return std::nullopt;
  int problem = 0;
  socklen_t size = sizeof problem;
  ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &problem, &size);
  if (problem != 0) return std::nullopt;
  return socket;
}

Result<UniqueFd> connect_to(const std::string& host, const std::string& port, Deadline deadline) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), port.c_str(), &hints, &found) != 0) return no_answer();
  const std::unique_ptr<addrinfo, AddressList> list(found);
  for (const addrinfo* place = found; place != nullptr; place = place->ai_next) {
    auto socket = connected(*place, deadline);
    if (socket) return *std::move(socket);
  }
  return no_answer();
}

Result<void> send_all(int socket, std::string_view text, Deadline deadline) {
  while (!text.empty()) {
    if (!ready_in_time(socket, POLLOUT, deadline)) return no_answer();
    const ssize_t sent = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EINTR && errno != EAGAIN) return no_answer();
    if (sent > 0) text.remove_prefix(std::size_t(sent));
  }
  return {};
}

/// Everything up to the peer's end.
Result<std::string> read_to_end(int socket, Deadline deadline) {
  std::string text;
  std::array<char, 16384> room{};
  for (;;) {
    if (!ready_in_time(socket, POLLIN, deadline)) return no_answer();
    const ssize_t got = ::recv(socket, room.data(), room.size(), 0);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got < 0) return no_answer();
    if (got == 0) return text;
    text.append(room.data(), std::size_t(got));
    if (text.size() > kLimit) return fail(Errc::corrupt, "the scanner's answer is too long");
  }
}

/// The value of a header field; nullopt when it is not there.
std::optional<std::string> field_in(const std::string& head, const std::string& name) {
  std::istringstream lines(head);
  for (std::string line; std::getline(lines, line);) {
    const auto colon = line.find(':');
    if (colon != name.size() || ::strncasecmp(line.c_str(), name.c_str(), colon) != 0) continue;
    const auto first = line.find_first_not_of(" \t", colon + 1);
    return first == std::string::npos ? "" : line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
  }
  return std::nullopt;
}

/// Joins the pieces of a chunked body (RFC 9112 §7.1); nullopt when it is cut short.
std::optional<std::string> joined_chunks(std::string_view body) {
  std::string whole;
  for (;;) {
    const auto line_end = body.find("\r\n");
    if (line_end == std::string_view::npos) return std::nullopt;
    const std::size_t size = std::strtoul(std::string(body.substr(0, line_end)).c_str(), nullptr, 16);
    body.remove_prefix(line_end + 2);
    if (size == 0) return whole;
    if (body.size() < size + 2) return std::nullopt;
    whole += body.substr(0, size);
    body.remove_prefix(size + 2);
  }
}

Result<std::string> body_of(const std::string& answer) {
  const auto damaged = [] {
    return fail(Errc::corrupt, "the scanner's answer is damaged or no answer at all");
  };
  const auto end = answer.find("\r\n\r\n");
  if (end == std::string::npos || answer.compare(0, 7, "HTTP/1.") != 0 || answer.find(" 200") != 8)
    return damaged();
  const std::string head = answer.substr(0, end + 2);
  std::string body = answer.substr(end + 4);
  if (field_in(head, "Transfer-Encoding").value_or("") == "chunked") {
    auto whole = joined_chunks(body);
    if (!whole) return damaged();
    return *std::move(whole);
  }
  const auto size = field_in(head, "Content-Length");
  if (size && std::strtoul(size->c_str(), nullptr, 10) != body.size()) return damaged();
  return body;
}

}  // namespace

Result<std::string> http_get(const std::string& host, const std::string& port, const std::string& path,
                             std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  MAILROOM_TRY(const UniqueFd socket, connect_to(host, port, deadline));
  MAILROOM_TRY_VOID(send_all(socket.get(),
                             "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n",
                             deadline));
  MAILROOM_TRY(const std::string answer, read_to_end(socket.get(), deadline));
  if (answer.empty()) return no_answer();
  return body_of(answer);
}

}  // namespace mailroom::drivers
