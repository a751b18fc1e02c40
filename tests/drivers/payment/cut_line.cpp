#include "cut_line.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <stdexcept>

namespace mailroom::test {
namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(std::uint16_t(port));
  return address;
}

UniqueFd tcp_socket() {
  UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket;
}

void close_with_reset(UniqueFd& socket) {
  const linger at_once{1, 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  socket.reset();
}

}  // namespace

struct CutLine::Pair {
  UniqueFd reg;  // towards the register
  UniqueFd terminal;
  bool silent = false;
  UniqueFd& from(Direction direction) { return direction == Direction::to_terminal ? reg : terminal; }
  UniqueFd& to(Direction direction) { return direction == Direction::to_terminal ? terminal : reg; }
};

CutLine::CutLine(int terminal_port, std::vector<Cut> cuts, std::function<void()> on_cut)
    : listener_(tcp_socket()),
      terminal_port_(terminal_port),
      cuts_(std::move(cuts)),
      on_cut_(std::move(on_cut)) {
  auto address = loopback(0);
  socklen_t size = sizeof address;
  auto* name = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_.get(), name, size) != 0 || ::listen(listener_.get(), 8) != 0 ||
      ::getsockname(listener_.get(), name, &size) != 0)
    throw std::runtime_error("a line between register and terminal cannot be made");
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
}

CutLine::~CutLine() {
  thread_.request_stop();
  ::shutdown(listener_.get(), SHUT_RDWR);  // wakes the thread
}

std::vector<Chunk> CutLine::chunks() const {
  const std::scoped_lock lock(mutex_);
  return chunks_;
}

std::size_t CutLine::cuts_made() const {
  const std::scoped_lock lock(mutex_);
  return cuts_made_;
}

std::size_t CutLine::octets(Direction direction) const {
  const std::scoped_lock lock(mutex_);
  return gone_[std::size_t(direction)];
}

void CutLine::serve(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    Pair pair;
    pair.reg = UniqueFd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!pair.reg.valid()) continue;
    const int on = 1;
    ::setsockopt(pair.reg.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    pair.terminal = tcp_socket();
    const auto address = loopback(terminal_port_);
    if (::connect(pair.terminal.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      continue;
    ++connection_;
    carry(pair, stop);
  }
}

void CutLine::carry(Pair& pair, const std::stop_token& stop) {
  while (pair.reg.valid() && pair.terminal.valid() && !stop.stop_requested()) {
    std::array<pollfd, 2> ends = {{{pair.reg.get(), POLLIN, 0}, {pair.terminal.get(), POLLIN, 0}}};
    if (::poll(ends.data(), ends.size(), 20) <= 0) continue;
    for (const auto direction : {Direction::to_terminal, Direction::to_register}) {
      if (ends[std::size_t(direction)].revents != 0 && !pass(pair, direction)) return;
    }
  }
}

void CutLine::note(Direction direction, ByteView bytes) {
  const std::scoped_lock lock(mutex_);
  gone_[std::size_t(direction)] += bytes.size();
  chunks_.push_back({connection_, direction, Bytes(bytes.begin(), bytes.end())});
}

/// Passes on what has come; false at the end of the line.
bool CutLine::pass(Pair& pair, Direction direction) {
  std::array<std::uint8_t, 4096> room{};
  const auto count = ::recv(pair.from(direction).get(), room.data(), room.size(), 0);
  if (count <= 0) return false;
  if (pair.silent) return true;
  auto bytes = ByteView(room).first(std::size_t(count));
  const auto gone = gone_[std::size_t(direction)];
  const bool cut =
      !cuts_.empty() && cuts_.front().direction == direction && cuts_.front().after <= gone + bytes.size();
  if (cut) bytes = bytes.first(cuts_.front().after > gone ? cuts_.front().after - gone : 0);
  note(direction, bytes);
  if (!bytes.empty() && ::send(pair.to(direction).get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0)
    return false;
  if (!cut) return true;
  const auto kind = cuts_.front().kind;
  cuts_.erase(cuts_.begin());
  {
    const std::scoped_lock lock(mutex_);
    ++cuts_made_;
  }
  if (on_cut_) on_cut_();
  if (kind == CutKind::reset) {
    close_with_reset(pair.reg);
    close_with_reset(pair.terminal);
  }
  pair.silent = kind == CutKind::silence;
  return pair.silent;
}

}  // namespace mailroom::test
