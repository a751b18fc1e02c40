#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "daemon/base/child_process.h"
#include "tests/support/reserved_port.h"
#include "tests/support/shell.h"
#include "tests/support/temporary_folder.h"

namespace mailroom::e2e {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

/// What `mailroomctl` printed and how it ended.
using test::CommandOutcome;

/// A whole mailroom of real processes in a temporary folder: mosquitto, mailroomd, the reference
/// recipients, virtual scanners. All of them die with the test. Thread-bound.
class Mailroom {
 public:
  /// Configuration copied, identities at hand (made once for the build folder), nothing started.
  Mailroom();
  /// The same with its data elsewhere, for instance on a small disk.
  explicit Mailroom(const fs::path& data);

  void start_broker();
  void start_recipient(const std::string& id, std::vector<std::string> more = {},
                       std::map<std::string, std::string> environment = {});
  void start_recipients();  ///< ecm, payment and hr
  void start_daemon(std::map<std::string, std::string> environment = {});
  ChildProcess spawn_daemon(std::map<std::string, std::string> environment = {});  ///< does not wait for it
  void start_all();  ///< broker, recipients and daemon

  ChildProcess& broker() { return broker_; }
  ChildProcess& daemon() { return daemon_; }
  ChildProcess& recipient(const std::string& id) { return recipients_[id]; }
  bool daemon_ended(std::chrono::milliseconds within = 20s) { return daemon_.wait(within).has_value(); }

  /// Changes one line of a configuration file: the first that begins with `key =`.
  void configure(const std::string& file, const std::string& key, const std::string& value);
  void append_configuration(const std::string& file, const std::string& text);

  /// A virtual scanner "mailroomfeeder:NAME"; `more` are lines of its table.
  void add_scanner(const std::string& name, const std::string& more = "");
  void load_feeder(const std::string& name, const fs::path& stack);  ///< links, sorted by name
  /// A person sees to it that the feeder holds the sheets after `safe`, whatever lies in the tray.
  void put_back(const std::string& name, int safe, bool duplex = true);
  [[nodiscard]] fs::path feeder(const std::string& name) const { return root_ / "feeder" / name; }

  [[nodiscard]] CommandOutcome ctl(const std::string& words) const;
  /// The JSON answer of a command that must succeed.
  [[nodiscard]] nlohmann::json ask(const std::string& words) const;
  [[nodiscard]] nlohmann::json show(const std::string& id) const { return ask("show " + id); }
  /// Starts a feed; gives the number of its batch. `scanner` is its short name.
  std::string scan(const std::string& scanner, const std::string& words) const;
  /// Waits until everything is receipted or something is held; gives the summary.
  [[nodiscard]] nlohmann::json follow(const std::string& batch, int seconds = 60) const;
  [[nodiscard]] nlohmann::json findings() const;  ///< of `verify --deep`
  [[nodiscard]] std::string latest_batch() const;

  [[nodiscard]] const fs::path& root() const { return root_; }
  [[nodiscard]] const fs::path& data() const { return data_; }
  [[nodiscard]] fs::path config() const { return root_ / "config"; }
  [[nodiscard]] fs::path identities() const { return data_ / "identities"; }
  [[nodiscard]] fs::path delivered(const std::string& recipient) const { return root_ / "out" / recipient; }
  /// The deliveries a recipient has stored, each a folder.
  [[nodiscard]] std::vector<fs::path> deliveries(const std::string& recipient) const;
  [[nodiscard]] int port() const { return port_.number(); }
  [[nodiscard]] std::string log_of(const std::string& process) const;
  [[nodiscard]] std::string folder_options() const;

 private:
  void prepare();
  [[nodiscard]] ChildProcess start(const std::string& name, const fs::path& program,
                                   const std::vector<std::string>& arguments,
                                   std::map<std::string, std::string> environment) const;

  test::TemporaryFolder folder_;
  fs::path root_;
  fs::path data_;
  test::ReservedPort port_;
  ChildProcess broker_;
  std::map<std::string, ChildProcess> recipients_;
  ChildProcess daemon_;
};

/// The program `name` of the build.
fs::path program(const std::string& name);

nlohmann::json json_of(const fs::path& file);

/// Waits until `condition` holds; false when it does not within `limit`.
template <typename Condition>
bool eventually(Condition condition, std::chrono::milliseconds limit = 20s) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    ::usleep(20'000);
  }
  return true;
}

}  // namespace mailroom::e2e
