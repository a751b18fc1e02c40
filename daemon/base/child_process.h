#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"

namespace mailroom {

/// How a child ended.
struct ExitStatus {
  int code = 0;    ///< exit code, when signal is 0
  int signal = 0;  ///< the signal that ended it, or 0
};

/// What to start.
struct ChildCommand {
  std::filesystem::path program;
  std::vector<std::string> arguments = {};           ///< without argv[0]
  std::map<std::string, std::string> environment = {};  ///< added to ours
  UniqueFd channel = {};  ///< becomes descriptor kHelperChannelFd of the child, if valid
};

/// A child process that dies with us (PR_SET_PDEATHSIG) and is killed when this goes.
/// SIGPIPE is ignored in the child: several SANE backends raise it from a reader thread and turn
/// a fault into "success". Move-only; thread-bound. The thread that starts a child must live as
/// long as the child, because PDEATHSIG follows the thread.
class ChildProcess {
 public:
  ChildProcess() = default;
  static Result<ChildProcess> start(ChildCommand command);
  ChildProcess(ChildProcess&& other) noexcept { *this = std::move(other); }
  ChildProcess& operator=(ChildProcess&& other) noexcept;
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess() { kill(); }

  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] bool running() const { return pid_ > 0; }

  /// Waits for the end; nullopt when it still runs after `timeout`.
  std::optional<ExitStatus> wait(std::chrono::milliseconds timeout);
  void terminate() const noexcept;  ///< SIGTERM
  void kill() noexcept;             ///< SIGKILL and reap

 private:
  pid_t pid_ = -1;
  UniqueFd pidfd_;
};

}  // namespace mailroom
