#include "drivers/payment/zvt/tcp_line.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <memory>

namespace mailroom::payment::zvt {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

tl::unexpected<Error> gone() {
  return fail(Errc::unreachable, "the card terminal does not answer", {}, "look at its cable and display");
}

bool is_ready(int fd, short events, std::chrono::milliseconds patience) {
  pollfd wait{fd, events, 0};
  return ::poll(&wait, 1, int(patience.count())) == 1;
}

Result<UniqueFd> connected(const addrinfo& address, std::chrono::milliseconds patience) {
  UniqueFd socket(::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket.valid()) return fail_errno("a connection to the card terminal", errno);
  const int one = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (::connect(socket.get(), address.ai_addr, address.ai_addrlen) != 0 && errno != EINPROGRESS) return gone();
  if (!is_ready(socket.get(), POLLOUT, patience)) return gone();
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0) return gone();
  return socket;
}

}  // namespace

Result<TcpLine> TcpLine::connect(const std::string& place, std::chrono::milliseconds patience) {
  const auto colon = place.rfind(':');
  if (colon == std::string::npos) return fail(Errc::invalid_input, "a card terminal is at HOST:PORT");
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(place.substr(0, colon).c_str(), place.c_str() + colon + 1, &wanted, &found) != 0) return gone();
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, &::freeaddrinfo);
  MAILROOM_TRY(auto socket, connected(*addresses, patience));
  return TcpLine(std::move(socket));
}

Result<void> TcpLine::send(const Apdu& apdu) {
  const Bytes bytes = encode(apdu);
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const auto count = ::send(socket_.get(), bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count > 0) {
      sent += std::size_t(count);
    } else if (errno != EAGAIN || !is_ready(socket_.get(), POLLOUT, 5s)) {
      return gone();
    }
  }
  return {};
}

Result<std::optional<Apdu>> TcpLine::receive(std::chrono::milliseconds patience, const std::stop_token& until) {
  constexpr auto kLook = 50ms;
  const auto end = Clock::now() + patience;
  for (;;) {
    if (auto apdu = take(came_)) return std::optional<Apdu>(std::move(apdu));
    if (came_.size() > kLargestData + 5) return fail(Errc::corrupt, "the card terminal talks without end");
    if (until.stop_requested()) return std::optional<Apdu>();
    if (Clock::now() >= end) return fail(Errc::timed_out, "the card terminal says nothing");
    if (!is_ready(socket_.get(), POLLIN, kLook)) continue;
    std::array<std::uint8_t, 4096> room{};
    const auto count = ::recv(socket_.get(), room.data(), room.size(), 0);
    if (count == 0 || (count < 0 && errno != EAGAIN)) return gone();
    if (count > 0) came_.insert(came_.end(), room.begin(), room.begin() + count);
  }
}

}  // namespace mailroom::payment::zvt
