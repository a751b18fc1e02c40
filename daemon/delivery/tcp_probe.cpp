#include "daemon/delivery/tcp_probe.h"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <memory>

#include "daemon/base/unique_fd.h"

namespace mailroom::delivery {
namespace {

struct AddressesDeleter {
  void operator()(addrinfo* list) const noexcept { ::freeaddrinfo(list); }
};

bool connects(const addrinfo& address, std::chrono::milliseconds timeout) {
  const UniqueFd fd(::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return false;
  if (::connect(fd.get(), address.ai_addr, address.ai_addrlen) == 0) return true;
  pollfd waiting{fd.get(), POLLOUT, 0};
  if (::poll(&waiting, 1, int(timeout.count())) != 1) return false;
  int error = 0;
  socklen_t length = sizeof error;
  return ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &length) == 0 && error == 0;
}

}  // namespace

bool answers_tcp(const std::string& host, int port, std::chrono::milliseconds timeout) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list) != 0) return false;
  const std::unique_ptr<addrinfo, AddressesDeleter> owner(list);
  for (const auto* address = list; address != nullptr; address = address->ai_next) {
    if (connects(*address, timeout)) return true;
  }
  return false;
}

}  // namespace mailroom::delivery
