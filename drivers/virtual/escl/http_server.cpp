#include "drivers/virtual/escl/http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <optional>
#include <sstream>

namespace mailroom::drivers::escl {
namespace {

constexpr std::size_t kHeadLimit = 16U << 10U;
constexpr std::size_t kBodyLimit = 1U << 20U;
constexpr int kLook = 50;  // ms between two looks at whether the server ends

/// Appends what comes next; false at the end, whatever ends it.
bool read_more(int socket, std::string& text, const std::atomic<bool>& stopping) {
  for (;;) {
    pollfd wanted{socket, POLLIN, 0};
    const int ready = ::poll(&wanted, 1, kLook);
    if (stopping || (ready < 0 && errno != EINTR)) return false;
    if (ready <= 0) continue;
    std::array<char, 4096> room{};
    const ssize_t got = ::recv(socket, room.data(), room.size(), 0);
    if (got <= 0) return false;
    text.append(room.data(), std::size_t(got));
    return true;
  }
}

/// The number after "Content-Length:", 0 without one.
std::size_t body_size(const std::string& head) {
  std::istringstream lines(head);
  for (std::string line; std::getline(lines, line);) {
    const auto colon = line.find(':');
    if (colon == std::string::npos || ::strncasecmp(line.c_str(), "Content-Length", colon) != 0) continue;
    return std::strtoul(line.c_str() + colon + 1, nullptr, 10);
  }
  return 0;
}

std::optional<HttpRequest> read_request(int socket, const std::atomic<bool>& stopping) {
  std::string text;
  while (text.find("\r\n\r\n") == std::string::npos) {
    if (text.size() > kHeadLimit || !read_more(socket, text, stopping)) return std::nullopt;
  }
  const auto head_size = text.find("\r\n\r\n") + 4;
  const std::size_t size = body_size(text.substr(0, head_size));
  while (size <= kBodyLimit && text.size() < head_size + size) {
    if (!read_more(socket, text, stopping)) return std::nullopt;
  }
  if (size > kBodyLimit) return std::nullopt;
  HttpRequest request;
  std::istringstream(text) >> request.method >> request.path;
  request.body = text.substr(head_size, size);
  return request;
}

std::string head_of(int status, const std::string& media_type, std::size_t size,
                    const std::map<std::string, std::string>& headers) {
  std::ostringstream head;
  head << "HTTP/1.1 " << status << " -\r\nConnection: close\r\nContent-Length: " << size << "\r\n";
  if (!media_type.empty()) head << "Content-Type: " << media_type << "\r\n";
  for (const auto& [name, value] : headers) head << name << ": " << value << "\r\n";
  head << "\r\n";
  return head.str();
}

Result<int> bound_port(int socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    return fail_errno("cannot learn a port", errno);
  return int(ntohs(address.sin_port));
}

}  // namespace

void HttpReply::send_all(ByteView bytes) const {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return;  // the client left: its own affair
    bytes = bytes.subspan(std::size_t(sent));
  }
}

void HttpReply::send(int status, const std::string& media_type, ByteView body,
                     const std::map<std::string, std::string>& headers) {
  send_all(as_bytes(head_of(status, media_type, body.size(), headers)));
  send_all(body);
}

void HttpReply::send_part(const std::string& media_type, ByteView body, std::size_t size) {
  send_all(as_bytes(head_of(200, media_type, body.size(), {})));
  send_all(body.first(size));
}

void HttpReply::stall() const {
  std::string ignored;
  while (read_more(socket_, ignored, stopping_)) {
  }
}

Result<std::unique_ptr<HttpServer>> HttpServer::start(const std::string& address, Handler handler) {
  UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket.valid()) return fail_errno("cannot make a socket", errno);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  if (::inet_pton(AF_INET, address.c_str(), &place.sin_addr) != 1)
    return fail(Errc::invalid_input, "'" + address + "' is no IPv4 address");
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&place), sizeof place) != 0 ||
      ::listen(socket.get(), 16) != 0)
    return fail_errno("cannot listen on " + address, errno);
  MAILROOM_TRY(const int port, bound_port(socket.get()));
  return std::make_unique<HttpServer>(std::move(socket), port, std::move(handler));
}

HttpServer::HttpServer(UniqueFd socket, int port, Handler handler)
    : socket_(std::move(socket)),
      port_(port),
      handler_(std::move(handler)),
      thread_([this] { accept_all(); }) {}

HttpServer::~HttpServer() {
  stopping_ = true;
  thread_.join();
}

void HttpServer::accept_all() {
  while (!stopping_) {
    reap(false);
    pollfd wanted{socket_.get(), POLLIN, 0};
    if (::poll(&wanted, 1, kLook) <= 0) continue;
    UniqueFd socket(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!socket.valid()) continue;
    Connection& connection = connections_.emplace_back();
    connection.socket = std::move(socket);
    connection.thread = std::thread([this, &connection] { serve(connection); });
  }
  reap(true);
}

void HttpServer::serve(Connection& connection) {
  const auto request = read_request(connection.socket.get(), stopping_);
  HttpReply reply(connection.socket.get(), stopping_);
  if (request) handler_(*request, reply);
  ::shutdown(connection.socket.get(), SHUT_RDWR);
  connection.over = true;
}

void HttpServer::reap(bool all) {
  connections_.remove_if([all](Connection& connection) {
    if (!all && !connection.over) return false;
    connection.thread.join();
    return true;
  });
}

}  // namespace mailroom::drivers::escl
