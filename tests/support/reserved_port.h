#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <random>
#include <stdexcept>
#include <string>

#include "daemon/base/unique_fd.h"

namespace mailroom::test {

/// A loopback port that no other test gets as long as this lives, not even while the server on it is
/// dead, and that the kernel gives to no outgoing connection. Move-only; thread-bound.
class ReservedPort {
 public:
  ReservedPort() {
    constexpr int kFirst = 20'000, kCount = 10'000;  // below net.ipv4.ip_local_port_range
    std::random_device random;
    for (int attempt = 0; attempt < 200; ++attempt) {
      number_ = kFirst + int(random() % kCount);
      const auto file = std::filesystem::temp_directory_path() / ("mailroom-port-" + std::to_string(number_));
      lock_ = UniqueFd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
      if (lock_.valid() && ::flock(lock_.get(), LOCK_EX | LOCK_NB) == 0 && is_free()) return;
    }
    throw std::runtime_error("no free port");
  }

  [[nodiscard]] int number() const { return number_; }

 private:
  [[nodiscard]] bool is_free() const {
    const UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(std::uint16_t(number_));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return ::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }

  int number_ = 0;
  UniqueFd lock_;
};

}  // namespace mailroom::test
