#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <stop_token>
#include <string>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"

namespace mailroom::app {

/// Who is at the other end of a control connection, as the kernel says.
struct Caller {
  uid_t uid = 0;
  [[nodiscard]] std::string name() const;  ///< "uid:1000"
};

/// What a command may use while it works.
struct CommandContext {
  Caller caller;
  std::function<Result<void>(const nlohmann::json&)> event;  ///< sends one to the client
  std::stop_token stop;                                      ///< the daemon is going down
};

using Command = std::function<Result<nlohmann::json>(const nlohmann::json& arguments, const CommandContext&)>;

/// Answers commands on a Unix socket (docs/formats/control-protocol.md). Each connection has its own
/// thread; commands must be thread-safe. run() is bound to one thread.
class ControlServer {
 public:
  /// Listens on `path`; a stale socket of a dead daemon is replaced, the data folder's lock has
  /// shown that no other is alive.
  static Result<ControlServer> listen(const std::filesystem::path& path);

  /// Serves until `stop`, then waits for the commands at work.
  void run(const std::map<std::string, Command>& commands, const std::stop_token& stop);

 private:
  explicit ControlServer(UniqueFd socket) : socket_(std::move(socket)) {}
  UniqueFd socket_;
};

/// Sends one command and gives its result; `on_event` sees the events before it.
Result<nlohmann::json> send_command(const std::filesystem::path& socket, const std::string& command,
                                    const nlohmann::json& arguments,
                                    const std::function<void(const nlohmann::json&)>& on_event);

}  // namespace mailroom::app
