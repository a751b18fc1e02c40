#include "drivers/virtual/card/vpcd_slot.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <optional>

namespace mailroom::card {
namespace {

constexpr std::uint8_t kTellAtr = 4;

bool receive_all(int socket, std::uint8_t* room, std::size_t size) {
  while (size > 0) {
    const ssize_t got = ::recv(socket, room, size, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    room += got;
    size -= std::size_t(got);
  }
  return true;
}

/// vpcd sends length and message in two writes: without this the second waits 40 ms for our kernel's word.
void acknowledge_at_once(int socket) {
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

std::optional<Bytes> receive_message(int socket) {
  std::uint8_t length[2];
  acknowledge_at_once(socket);
  if (!receive_all(socket, length, sizeof length)) return std::nullopt;
  acknowledge_at_once(socket);
  Bytes message(std::size_t(length[0]) << 8U | length[1]);
  if (!receive_all(socket, message.data(), message.size())) return std::nullopt;
  return message;
}

bool send_message(int socket, const Bytes& message) {
  Bytes octets{std::uint8_t(message.size() >> 8U), std::uint8_t(message.size())};
  octets.reserve(message.size() + 2);
  for (const std::uint8_t octet : message) octets.push_back(octet);
  return ::send(socket, octets.data(), octets.size(), MSG_NOSIGNAL) == ssize_t(octets.size());
}

Result<UniqueFd> connect_to(std::uint16_t port) {
  UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (!socket.valid() ||
      ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return fail(Errc::unreachable, "no virtual card reader (vpcd) listens on port " + std::to_string(port));
  const int on = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket;
}

}  // namespace

Result<void> VpcdSlot::insert(VirtualCard& card) {
  remove();
  MAILROOM_TRY(connection_, connect_to(port_));
  thread_ = std::thread([this, &card] { serve(card); });
  return {};
}

void VpcdSlot::remove() {
  if (connection_.valid()) ::shutdown(connection_.get(), SHUT_RDWR);
  if (thread_.joinable()) thread_.join();
  connection_.reset();
}

void VpcdSlot::serve(VirtualCard& card) const {
  while (const auto message = receive_message(connection_.get())) {
    // pcscd asks for the ATR several times a second to see whether the card is there: that is no reset.
    if (message->size() == 1 && message->front() != kTellAtr) {
      card.reset();
      continue;
    }
    const Bytes answer = message->size() == 1 ? card.atr() : card.respond(*message);
    // A card that answers nothing was torn out.
    if (answer.empty() || !send_message(connection_.get(), answer)) break;
  }
  ::shutdown(connection_.get(), SHUT_RDWR);
}

}  // namespace mailroom::card
