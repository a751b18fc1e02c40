#pragma once

#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cstring>
#include <iostream>
#include <stdexcept>

#include "daemon/base/unique_fd.h"

namespace mailroom::test {

/// A network of the calling thread's own, and of the threads and processes it makes from then on.
class OwnNetwork {
 public:
  OwnNetwork() : there_(::unshare(CLONE_NEWNET) == 0) {
    if (there_) switch_loopback(true);
    if (!there_) std::cout << "[skipped] no right to a network namespace\n";
  }
  [[nodiscard]] bool there() const { return there_; }

  /// Down: nothing gets through, and neither side is told. Connections stay as they are.
  static void switch_loopback(bool up) {
    const UniqueFd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ifreq request{};
    std::strncpy(request.ifr_name, "lo", IFNAMSIZ - 1);
    if (::ioctl(fd.get(), SIOCGIFFLAGS, &request) != 0) throw std::runtime_error("no loopback");
    request.ifr_flags = short(up ? request.ifr_flags | IFF_UP : request.ifr_flags & ~IFF_UP);
    if (::ioctl(fd.get(), SIOCSIFFLAGS, &request) != 0)
      throw std::runtime_error("loopback cannot be switched");
  }

 private:
  bool there_;
};

}  // namespace mailroom::test
