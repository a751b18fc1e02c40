#include "drivers/virtual/card/keypad/socket_card.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>

namespace mailroom::card {
namespace {

constexpr std::uint8_t kOff = 0, kOn = 1, kTellAtr = 4;

tl::unexpected<Error> gone() {
  return fail(Errc::device_lost, "the virtual card is gone");
}

bool receive_all(int socket, std::uint8_t* room, std::size_t size) {
  while (size > 0) {
    const ssize_t got = ::recv(socket, room, size, 0);
    if (got <= 0) return false;
    room += got;
    size -= std::size_t(got);
  }
  return true;
}

UniqueFd connect_to(const std::string& path) {
  UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return {};
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return {};
  return socket;
}

}  // namespace

bool SocketCard::is_there() {
  if (socket_.valid()) {
    pollfd state{socket_.get(), POLLIN, 0};
    // Nothing comes unasked: something to read is the end of the connection.
    if (::poll(&state, 1, 0) == 0) return true;
    socket_.reset();
  }
  socket_ = connect_to(path_);
  return socket_.valid();
}

Result<void> SocketCard::send(ByteView message) {
  Bytes octets{std::uint8_t(message.size() >> 8U), std::uint8_t(message.size())};
  for (const std::uint8_t octet : message) octets.push_back(octet);
  if (::send(socket_.get(), octets.data(), octets.size(), MSG_NOSIGNAL) == ssize_t(octets.size())) return {};
  socket_.reset();
  return gone();
}

Result<Bytes> SocketCard::exchange(ByteView message) {
  MAILROOM_TRY_VOID(send(message));
  std::uint8_t length[2];
  if (receive_all(socket_.get(), length, sizeof length)) {
    Bytes answer(std::size_t(length[0]) << 8U | length[1]);
    if (receive_all(socket_.get(), answer.data(), answer.size())) return answer;
  }
  socket_.reset();
  return gone();
}

Result<Bytes> SocketCard::atr() {
  return exchange(Bytes{kTellAtr});
}

void SocketCard::power(bool on) {
  if (socket_.valid()) (void)send(Bytes{on ? kOn : kOff});
}

Result<ResponseApdu> SocketCard::transmit(const CommandApdu& command) {
  MAILROOM_TRY(const Bytes octets, encode(command));
  MAILROOM_TRY(const Bytes answer, exchange(octets));
  return decode_response(answer);
}

Result<ReaderPaceResult> SocketCard::establish_pace(const ReaderPaceOrder&) {
  return fail(Errc::unsupported, "the reader does this itself");
}

}  // namespace mailroom::card
