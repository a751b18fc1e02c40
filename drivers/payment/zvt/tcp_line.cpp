#include "drivers/payment/zvt/tcp_line.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>

namespace mailroom::payment::zvt {
namespace {

using std::chrono::milliseconds;
using MonotonicClock = std::chrono::steady_clock;
using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

tl::unexpected<Error> gone(const std::string& place) {
  return fail(Errc::unreachable, "the card terminal cannot be reached", Place::on_device(place),
              "check its power, network cable and address");
}

bool is_ready(int fd, short events, milliseconds patience) {
  pollfd watched{fd, events, 0};
  return ::poll(&watched, 1, int(patience.count())) > 0;
}

/// A socket connected to one of the addresses.
UniqueFd connected(const addrinfo* address, milliseconds patience) {
  for (; address != nullptr; address = address->ai_next) {
    UniqueFd socket(::socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket.valid()) continue;
    const bool at_once = ::connect(socket.get(), address->ai_addr, address->ai_addrlen) == 0;
    if (!at_once && (errno != EINPROGRESS || !is_ready(socket.get(), POLLOUT, patience))) continue;
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0) return socket;
  }
  return {};
}

/// A line that died in silence is noticed within the minute, also while a person thinks about a PIN.
void watch_over(int fd) {
  const int on = 1;
  const int idle = 20;
  const int between = 10;
  const int times = 3;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
  ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &between, sizeof between);
  ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &times, sizeof times);
}

}  // namespace

Result<TcpLine> TcpLine::connect(const std::string& place, milliseconds patience) {
  const auto colon = place.rfind(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == place.size())
    return fail(Errc::invalid_input, "the place of a card terminal is HOST:PORT", Place::on_device(place));
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(place.substr(0, colon).c_str(), place.c_str() + colon + 1, &wanted, &found) != 0)
    return gone(place);
  const Addresses addresses(found, &::freeaddrinfo);
  auto socket = connected(addresses.get(), patience);
  if (!socket.valid()) return gone(place);
  watch_over(socket.get());
  return TcpLine(std::move(socket), place);
}

Result<void> TcpLine::send(const Apdu& apdu) {
  constexpr milliseconds kPatience{5'000};
  const Bytes bytes = encode(apdu);
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const auto count = ::send(socket_.get(), bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count > 0) {
      sent += std::size_t(count);
    } else if (errno != EINTR && (errno != EAGAIN || !is_ready(socket_.get(), POLLOUT, kPatience))) {
      return gone(place_);
    }
  }
  return {};
}

Result<void> TcpLine::read_some() {
  std::array<std::uint8_t, 4096> room{};
  const auto count = ::recv(socket_.get(), room.data(), room.size(), 0);
  if (count > 0) {
    reader_.feed(ByteView(room).first(std::size_t(count)));
    return {};
  }
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return {};
  return gone(place_);
}

Result<Apdu> TcpLine::receive(milliseconds patience) {
  auto told = receive_or_stop(patience, {});
  if (!told) return fail(std::move(told).error());
  return std::move(told->value());
}

Result<std::optional<Apdu>> TcpLine::receive_or_stop(milliseconds patience, const std::stop_token& stop) {
  constexpr milliseconds kLook{50};  // between looks at the stop token
  const auto end = MonotonicClock::now() + patience;
  for (;;) {
    auto apdu = reader_.next();
    if (!apdu) {
      apdu.error().place.device = place_;
      return fail(std::move(apdu).error());
    }
    if (*apdu) return apdu;
    if (stop.stop_requested()) return std::optional<Apdu>();
    const auto left = std::chrono::ceil<milliseconds>(end - MonotonicClock::now());
    if (left.count() <= 0)
      return fail(Errc::timed_out, "the card terminal says nothing", Place::on_device(place_));
    const auto look = stop.stop_possible() ? std::min(left, kLook) : left;
    if (is_ready(socket_.get(), POLLIN, look)) MAILROOM_TRY_VOID(read_some());
  }
}

}  // namespace mailroom::payment::zvt
