#pragma once

#include <poll.h>

#include <atomic>
#include <thread>

#include "tests/delivery/broker.h"

namespace mailroom::test {

/// A TCP line to the broker that can swallow what the broker says, and break. Listens on a loopback
/// address; serves one connection after the other.
class LossyLine {
 public:
  explicit LossyLine(int broker_port, const char* address = "127.0.0.1") : broker_port_(broker_port) {
    const auto any = socket_address(address, 0);
    socklen_t length = sizeof bound_;
    if (::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&any), sizeof any) != 0 ||
        ::listen(listener_.get(), 8) != 0 ||
        ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&bound_), &length) != 0) {
      throw std::runtime_error("the line cannot listen");
    }
    thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
  }

  [[nodiscard]] int port() const { return ntohs(bound_.sin_port); }
  void swallow(bool on) { swallow_ = on; }  ///< nothing from the broker gets through any more
  void cut() { cut_ = true; }               ///< breaks the present connection
  [[nodiscard]] std::size_t swallowed() const { return swallowed_; }

 private:
  static sockaddr_in socket_address(const char* address, int port) {
    sockaddr_in result{};
    result.sin_family = AF_INET;
    result.sin_port = htons(std::uint16_t(port));
    ::inet_pton(AF_INET, address, &result.sin_addr);
    return result;
  }

  void serve(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      pollfd waiting{listener_.get(), POLLIN, 0};
      if (::poll(&waiting, 1, 20) != 1) continue;
      const UniqueFd client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      const UniqueFd broker(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
      const auto there = socket_address("127.0.0.1", broker_port_);
      if (::connect(broker.get(), reinterpret_cast<const sockaddr*>(&there), sizeof there) != 0) continue;
      cut_ = false;
      carry(client.get(), broker.get(), stop);
    }
  }

  void carry(int client, int broker, const std::stop_token& stop) {
    std::vector<char> buffer(65536);
    while (!stop.stop_requested() && !cut_) {
      pollfd both[] = {{client, POLLIN, 0}, {broker, POLLIN, 0}};
      if (::poll(both, 2, 20) < 1) continue;
      for (int side = 0; side < 2; ++side) {
        if (both[side].revents == 0) continue;
        const auto got = ::recv(both[side].fd, buffer.data(), buffer.size(), 0);
        if (got <= 0) return;
        if (side == 1 && swallow_) {
          swallowed_ += std::size_t(got);
        } else if (::send(both[1 - side].fd, buffer.data(), std::size_t(got), MSG_NOSIGNAL) != got) {
          return;
        }
      }
    }
  }

  int broker_port_;
  UniqueFd listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  sockaddr_in bound_{};
  std::atomic<bool> swallow_ = false;
  std::atomic<bool> cut_ = false;
  std::atomic<std::size_t> swallowed_ = 0;
  std::jthread thread_;
};

}  // namespace mailroom::test
