#include "drivers/link/remote_channel.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <memory>

#include "daemon/base/frame_wire.h"

namespace mailroom::drivers {
namespace {

using namespace std::chrono_literals;

constexpr auto kConnectPatience = 4s;  // a switch-on that begins now is not waited for
constexpr auto kPatience = 20s;        // for the rest of a frame that has begun
constexpr int kIdleSeconds = 3;
constexpr int kProbeSeconds = 1;
constexpr int kProbes = 3;
constexpr int kUnacknowledged = 6000;  // ms

struct AddressList {
  void operator()(addrinfo* list) const noexcept { ::freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, AddressList>;

Result<Addresses> addresses_of(const LinkAddress& address, int flags) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* found = nullptr;
  const int problem = ::getaddrinfo(address.host.c_str(), address.port.c_str(), &hints, &found);
  if (problem == 0) return Addresses(found);
  return fail(Errc::unreachable, "the address " + address.host + " is not known: " + ::gai_strerror(problem),
              {}, "correct it in scan_computers.toml");
}

bool connects(int socket, const addrinfo& place) {
  if (::connect(socket, place.ai_addr, place.ai_addrlen) == 0) return true;
  if (errno != EINPROGRESS) return false;
  pollfd wanted{socket, POLLOUT, 0};
  if (::poll(&wanted, 1, int(std::chrono::milliseconds(kConnectPatience).count())) != 1) return false;
  int problem = 0;
  socklen_t size = sizeof problem;
  return ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &problem, &size) == 0 && problem == 0;
}

Result<UniqueFd> connected_to(const LinkAddress& address) {
  MAILROOM_TRY(const Addresses places, addresses_of(address, 0));
  for (const addrinfo* place = places.get(); place != nullptr; place = place->ai_next) {
    UniqueFd socket(::socket(place->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (socket.valid() && connects(socket.get(), *place)) return socket;
  }
  return fail(Errc::unreachable, "the computer at the scanner does not answer (" + address.host + ")", {},
              "look at its power and network, and whether its scan service runs");
}

void set_number(int socket, int level, int option, int value) {
  // Only the time until a dead line is noticed depends on it; the limit on progress notices it later.
  static_cast<void>(::setsockopt(socket, level, option, &value, sizeof value));
}

}  // namespace

void notice_silence(int socket) {
  set_number(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
  set_number(socket, IPPROTO_TCP, TCP_KEEPIDLE, kIdleSeconds);
  set_number(socket, IPPROTO_TCP, TCP_KEEPINTVL, kProbeSeconds);
  set_number(socket, IPPROTO_TCP, TCP_KEEPCNT, kProbes);
  set_number(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, kUnacknowledged);
  set_number(socket, IPPROTO_TCP, TCP_NODELAY, 1);
}

Result<UniqueFd> listen_at(const LinkAddress& address) {
  MAILROOM_TRY(const Addresses places, addresses_of(address, AI_PASSIVE | AI_NUMERICHOST));
  UniqueFd socket(::socket(places->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket.valid()) return fail_errno("cannot make a socket", errno);
  set_number(socket.get(), SOL_SOCKET, SO_REUSEADDR, 1);
  if (::bind(socket.get(), places->ai_addr, places->ai_addrlen) != 0 || ::listen(socket.get(), 8) != 0)
    return fail_errno("cannot listen at " + address.host + " port " + address.port, errno);
  return socket;
}

Result<RemoteChannel> RemoteChannel::connect(const LinkAddress& address, const TlsParty& us) {
  MAILROOM_TRY(UniqueFd socket, connected_to(address));
  notice_silence(socket.get());
  MAILROOM_TRY(TlsStream stream, TlsStream::connect(std::move(socket), us, address.host, kConnectPatience));
  return RemoteChannel(std::move(stream));
}

Result<void> RemoteChannel::send(const Frame& frame) {
  const std::string body = write_frame_body(frame);
  MAILROOM_TRY_VOID(stream_.send(write_frame_head({body.size(), frame.payload.size(), false}), kPatience));
  MAILROOM_TRY_VOID(stream_.send(as_bytes(body), kPatience));
  return stream_.send(frame.payload, kPatience);
}

Result<std::optional<Frame>> RemoteChannel::receive() {
  FrameHeadBytes bytes{};
  MAILROOM_TRY(const bool begun, stream_.receive(bytes, kPatience));
  if (!begun) return std::optional<Frame>{};
  MAILROOM_TRY(const FrameHead head, read_frame_head(bytes));
  if (head.payload_by_fd) return fail(Errc::corrupt, "a frame over the network announces a descriptor");
  Bytes body(head.body_size);
  MAILROOM_TRY(const bool has_body, stream_.receive(body, kPatience));
  MAILROOM_TRY(Frame frame, read_frame_body(std::string(as_text(body))));
  frame.payload.resize(head.payload_size);
  MAILROOM_TRY(const bool whole, stream_.receive(frame.payload, kPatience));
  if (!has_body || !whole) return fail(Errc::corrupt, "the peer said goodbye in the middle of a frame");
  return std::optional<Frame>{std::move(frame)};
}

}  // namespace mailroom::drivers
