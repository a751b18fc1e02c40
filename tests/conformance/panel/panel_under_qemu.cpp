#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <nlohmann/json.hpp>
#include <thread>

#include "daemon/base/child_process.h"
#include "daemon/base/unique_fd.h"
#include "tests/conformance/panel/panel_under_test.h"
#include "tests/support/places.h"
#include "tests/support/temporary_folder.h"

namespace mailroom::test {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr const char* kQemu = "/usr/bin/qemu-system-arm";

void pause(int milliseconds) {
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

/// QEMU's monitor (QMP): one JSON object a line.
class Monitor {
 public:
  explicit Monitor(const fs::path& path) : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    for (int i = 0; i < 500; ++i) {
      if (::connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) break;
      pause(10);
    }
    read();  // the greeting
    ask("qmp_capabilities", json::object());
  }

  json ask(const std::string& command, const json& arguments) {
    const std::string line = json{{"execute", command}, {"arguments", arguments}}.dump() + "\n";
    if (::send(socket_.get(), line.data(), line.size(), MSG_NOSIGNAL) != ssize_t(line.size()))
      throw std::runtime_error("QEMU is gone");
    for (;;) {
      json answer = read();
      if (answer.contains("return")) return answer["return"];
      if (answer.contains("error")) throw std::runtime_error(answer.dump());
    }
  }

 private:
  json read() {
    std::string line;
    char c = 0;
    while (::recv(socket_.get(), &c, 1, 0) == 1 && c != '\n') line += c;
    return json::parse(line);
  }
  UniqueFd socket_;
};

class QemuPanel final : public PanelUnderTest {
 public:
  QemuPanel() {
    const auto image = build_path("firmware/board/panel-lm3s6965evb.elf");
    const std::string socket = folder_.path() / "monitor";
    program_ = ChildProcess::start({kQemu,
                                    {"-M", "lm3s6965evb", "-kernel", image, "-display", "none", "-monitor",
                                     "none", "-serial", "chardev:line", "-chardev", "pty,id=line", "-qmp",
                                     "unix:" + socket + ",server=on,wait=off"}})
                   .value();
    monitor_ = std::make_unique<Monitor>(socket);
    for (const auto& device : monitor_->ask("query-chardev", json::object())) {
      const std::string file = device["filename"];
      if (device["label"] == "line") line_ = file.substr(file.find('/'));
    }
    prime();
  }
  [[nodiscard]] std::string line() const override { return line_; }
  void press(panel::Key key, int milliseconds) override {
    static constexpr const char* names[] = {"up", "down", "left", "right", "ctrl"};
    press_keys({names[std::size_t(key)]}, milliseconds);
  }
  void reset() override {
    monitor_->ask("system_reset", json::object());
    prime();
  }

 private:
  void press_keys(const std::vector<std::string>& names, int milliseconds) {
    json keys = json::array();
    for (const auto& name : names) keys.push_back({{"type", "qcode"}, {"data", name}});
    monitor_->ask("send-key", {{"keys", keys}, {"hold-time", milliseconds}});
  }
  /// QEMU forgets at a reset that its keys are up: each has to move once.
  void prime() {
    pause(200);
    press_keys({"up", "down", "left", "right", "ctrl"}, 10);  // QEMU waits behind each move
    pause(250);
  }

  TemporaryFolder folder_;
  ChildProcess program_;
  std::unique_ptr<Monitor> monitor_;
  std::string line_;
};

}  // namespace

std::unique_ptr<PanelUnderTest> panel_under_qemu() {
  const bool possible = fs::exists(kQemu) && fs::exists(build_path("firmware/board/panel-lm3s6965evb.elf"));
  return possible ? std::make_unique<QemuPanel>() : nullptr;
}

}  // namespace mailroom::test
