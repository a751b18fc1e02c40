#pragma once

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "daemon/app/control_server.h"
#include "daemon/app/setup.h"
#include "daemon/base/child_process.h"
#include "daemon/crypto/identity.h"
#include "tests/drivers/scanner/virtual_station.h"
#include "tests/support/places.h"
#include "tests/support/shell.h"
#include "tests/support/text_file.h"

namespace mailroom::test {

using namespace std::chrono_literals;

/// Keys and certificates of the tests, made once for the build folder: making keys is slow.
inline const std::filesystem::path& made_identities() {
  static const std::filesystem::path path = [] {
    const auto folder = std::filesystem::path(build_path("tests")) / "app-identities";
    std::filesystem::create_directories(folder);
    const UniqueFd lock(::open((folder / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (::flock(lock.get(), LOCK_EX) != 0) throw std::runtime_error("the identities cannot be locked");
    const auto made = set_up_identities(
        folder / "identities", {"Stadt", "marburg", {"127.0.0.1"}, "mailroomd", {"ecm", "payment", "hr"}});
    if (!made) throw std::runtime_error(made.error().message());
    return folder / "identities";
  }();
  return path;
}

/// A real mailroomd on folders of its own, with virtual scanners and no broker.
class Scene {
 public:
  Scene() {
    std::filesystem::create_directories(folders.runtime);
    std::filesystem::create_directories(folders.spool());
    std::filesystem::copy(made_identities(), folders.identities());
    // The port of nobody: the daemon says that the broker cannot be reached and works on.
    shell("mkdir -p " + folders.config.string() + " && cp " + source_path("config/*.toml ") +
          folders.config.string() + " && sed -i 's/^port = .*/port = 1/' " +
          (folders.config / "mailroom.toml").string());
  }

  /// Starts the daemon and waits until it answers.
  void start(std::map<std::string, std::string> more = {}) {
    auto environment = station.options().environment;
    environment.merge(more);
    daemon = ChildProcess::start({program("mailroomd"), options(), environment}).value();
    for (int i = 0; i < 3000 && !ask("status"); ++i) std::this_thread::sleep_for(10ms);
    const auto status = ask("status");
    if (!status) FAIL(status.error().message());
  }

  /// Ends the daemon as the service manager does; gives its exit code.
  int stop() {
    daemon.terminate();
    const auto ended = daemon.wait(30s);
    REQUIRE(ended);
    CHECK(ended->signal == 0);
    return ended->code;
  }

  [[nodiscard]] Result<nlohmann::json> ask(const std::string& command,
                                           const nlohmann::json& words = nlohmann::json::object()) const {
    return app::send_command(folders.control_socket(), command, words, [](const auto&) {});
  }
  [[nodiscard]] Result<nlohmann::json> scan(const std::string& scanner,
                                            const nlohmann::json& more = {}) const {
    nlohmann::json words = {{"scanner", "mailroomfeeder:" + scanner}, {"operator", "mm"}};
    if (more.is_object()) words.update(more);
    return ask("scan", words);
  }
  [[nodiscard]] CommandOutcome ctl(const std::string& words) const {
    return shell(program("mailroomctl") + " --config " + folders.config.string() + " --data " +
                 folders.data.string() + " --runtime " + folders.runtime.string() + " " + words);
  }
  [[nodiscard]] std::vector<std::string> options() const {
    return {"--config",  folders.config.string(), "--data", folders.data.string(),
            "--runtime", folders.runtime.string()};
  }
  static std::string program(const std::string& name) {
    return build_path("bin/") + name;
  }

 private:
  TemporaryFolder folder_;

 public:
  app::Folders folders{folder_.path() / "config", folder_.path() / "data", folder_.path() / "runtime"};
  VirtualStation station;
  ChildProcess daemon;
};

}  // namespace mailroom::test
