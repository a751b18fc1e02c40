#pragma once

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <thread>

#include "tests/drivers/card/card_process_scene.h"

namespace mailroom::test {

/// Serves one virtual card on the socket of the reader with a keypad.
class KeypadSlot {
 public:
  explicit KeypadSlot(std::string path) : path_(std::move(path)) {
    listener_ = UniqueFd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path_.c_str(), path_.size() + 1);
    REQUIRE(::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::listen(listener_.get(), 1) == 0);
  }
  ~KeypadSlot() {
    ::shutdown(listener_.get(), SHUT_RDWR);
    if (connection_.valid()) ::shutdown(connection_.get(), SHUT_RDWR);
    if (thread_.joinable()) thread_.join();
  }
  void insert(card::VirtualCard& card) {
    thread_ = std::thread([this, &card] {
      connection_ = UniqueFd(::accept(listener_.get(), nullptr, nullptr));
      std::uint8_t length[2];
      while (connection_.valid() && ::recv(connection_.get(), length, 2, MSG_WAITALL) == 2) {
        Bytes message(std::size_t(length[0]) << 8U | length[1]);
        if (::recv(connection_.get(), message.data(), message.size(), MSG_WAITALL) != ssize_t(message.size()))
          return;
        if (message.size() == 1 && message[0] != 4) {
          card.reset();
          continue;
        }
        const Bytes answer = message.size() == 1 ? card.atr() : card.respond(message);
        Bytes octets{std::uint8_t(answer.size() >> 8U), std::uint8_t(answer.size())};
        octets.insert(octets.end(), answer.begin(), answer.end());
        ::send(connection_.get(), octets.data(), octets.size(), MSG_NOSIGNAL);
      }
    });
  }
  void type(const std::string& digits) const { std::ofstream(path_ + ".keypad") << digits << '\n'; }

 private:
  std::string path_;
  UniqueFd listener_, connection_;
  std::thread thread_;
};

inline const std::string& socket_path() {
  static const std::string path = "/tmp/mailroom-keypad-" + std::to_string(::getpid());
  return path;
}

inline std::string keypad_configuration() {
  return "FRIENDLYNAME \"Keypad\"\nDEVICENAME /dev/null:" + socket_path() + "\nLIBPATH " +
         build_path("lib/card/libmailroom-keypad.so") + "\nCHANNELID 0\n";
}

struct KeypadScene : ProcessScene {
  KeypadScene() : ProcessScene(keypad_configuration()) {}
  ~KeypadScene() {
    std::filesystem::remove(socket_path());
    std::filesystem::remove(socket_path() + ".keypad");
  }
  std::string reader() {
    for (int i = 0; i < 50; ++i) {
      const auto sights = readers->look();
      for (const auto& sight : sights ? *sights : std::vector<card::ReaderSight>())
        if (sight.name.rfind("Keypad", 0) == 0 && sight.card) return sight.name;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return {};
  }
};

}  // namespace mailroom::test
