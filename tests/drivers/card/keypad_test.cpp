#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <fstream>
#include <thread>

#include "drivers/card/eid/authentication.h"
#include "tests/drivers/card/card_process_scene.h"

using namespace mailroom;
using namespace mailroom::card;
using namespace mailroom::test;

namespace {

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
  void insert(VirtualCard& card) {
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

const std::string& socket_path() {
  static const std::string path = "/tmp/mailroom-keypad-" + std::to_string(::getpid());
  return path;
}

std::string keypad_configuration() {
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
      for (const auto& sight : sights ? *sights : std::vector<ReaderSight>())
        if (sight.name.rfind("Keypad", 0) == 0 && sight.card) return sight.name;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return {};
  }
};

}  // namespace

TEST_CASE("at a reader with a keypad a release reads with a PIN that its process never sees", "[card]") {
  KeypadScene scene;
  if (!scene.runs()) return;
  auto& card = scene.keep<EidCard>(scene.country.personalise());
  KeypadSlot slot(socket_path());
  slot.insert(card);
  const std::string reader = scene.reader();
  REQUIRE_FALSE(reader.empty());
  const auto papers = scene.country.issue({kiosk_rights()});
  const auto setup = scene.write_terminal(ReadingMode::kiosk, papers);
  auto process = CardProcess::start(ProcessScene::program("mailroom-card-of-release"),
                                    {{"--reader", reader, "--terminal", setup}});
  REQUIRE(process);
  auto request = scene.request(ReadingMode::kiosk);
  request.pin.clear();
  const auto outcome = [&] {
    const auto sealed = process->read(request);
    return sealed ? std::string("read")
                  : std::string(name_of(sealed.error().fault)) + " " + sealed.error().error.message();
  };
  const auto begins = [](const std::string& text, const char* word) {
    INFO(text);
    return text.rfind(word, 0) == 0;
  };

  slot.type("123456");
  const auto first = process->read(request);
  INFO((first ? std::string() : first.error().error.message()));
  REQUIRE(first);
  const auto record = decrypt_with(first->sealed, scene.recipient);
  REQUIRE(record);
  CHECK(nlohmann::json::parse(as_text(*record))["data"]["family_names"] == "MUSTERMANN");

  slot.type("cancel");
  CHECK(begins(outcome(), "entry_cancelled"));
  slot.type("");
  CHECK(begins(outcome(), "entry_timed_out"));
  CHECK(card.personalisation().passwords.pin_tries == 3);
  slot.type("999999");
  CHECK(begins(outcome(), "wrong_pin"));
  CHECK(begins(outcome(), "pin_suspended"));
  slot.type("123456");
  CHECK(begins(outcome(), "pin_suspended"));
  request.can = "222222";  // the CAN opens the last try, the PIN is typed again
  CHECK(outcome() == "read");
  CHECK(card.personalisation().passwords.pin_tries == 3);
}
