#include "drivers/virtual/payment/terminal_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <charconv>
#include <optional>
#include <string_view>

namespace mailroom::payment {
namespace {

std::optional<std::uint16_t> port_in(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(port) : std::nullopt;
}

Result<sockaddr_in> address_of(const std::string& place) {
  const auto colon = place.rfind(':');
  const auto port =
      colon == std::string::npos ? std::nullopt : port_in(std::string_view(place).substr(colon + 1));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  if (!port || ::inet_pton(AF_INET, place.substr(0, colon).c_str(), &address.sin_addr) != 1)
    return fail(Errc::invalid_input, "a virtual terminal listens at ADDRESS:PORT, not at " + place);
  address.sin_port = htons(*port);
  return address;
}

Result<UniqueFd> listen_at(sockaddr_in address) {
  UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const auto* name = reinterpret_cast<const sockaddr*>(&address);
  if (!socket.valid() || ::bind(socket.get(), name, sizeof address) != 0 || ::listen(socket.get(), 8) != 0)
    return fail_errno("a virtual terminal cannot listen", errno);
  return socket;
}

int port_of(int socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

}  // namespace

Result<std::unique_ptr<TerminalServer>> TerminalServer::start(const std::string& place,
                                                              TerminalJournal journal, TerminalScript script,
                                                              const Clock& clock) {
  MAILROOM_TRY(const auto address, address_of(place));
  MAILROOM_TRY(auto listener, listen_at(address));
  const int port = port_of(listener.get());
  return std::unique_ptr<TerminalServer>(
      new TerminalServer(std::move(listener), port, std::move(journal), std::move(script), clock));
}

TerminalServer::TerminalServer(UniqueFd listener, int port, TerminalJournal journal, TerminalScript script,
                               const Clock& clock)
    : listener_(std::move(listener)),
      port_(port),
      journal_(std::move(journal)),
      script_(std::move(script)),
      clock_(clock),
      thread_([this](const std::stop_token& stop) { serve(stop); }) {}

TerminalServer::~TerminalServer() {
  thread_.request_stop();
  ::shutdown(listener_.get(), SHUT_RDWR);  // wakes the thread
}

void TerminalServer::serve(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    UniqueFd socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!socket.valid()) continue;
    const int on = 1;
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    TerminalSession(zvt::TcpLine(std::move(socket), "register"), journal_, script_, clock_, stop).serve();
  }
}

}  // namespace mailroom::payment
