#include "daemon/base/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <cerrno>
#include <utility>

#include "daemon/base/frame_channel.h"

namespace mailroom {
namespace {

std::vector<std::string> environment_with(const std::map<std::string, std::string>& added) {
  std::vector<std::string> lines;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string line(*entry);
    if (!added.contains(line.substr(0, line.find('=')))) lines.push_back(line);
  }
  for (const auto& [name, value] : added) lines.push_back(name + "=" + value);
  return lines;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (auto& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// Runs in the child between fork and exec: async-signal-safe calls only.
[[noreturn]] void become(char* const* argv, char* const* envp, int channel, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
  ::signal(SIGPIPE, SIG_IGN);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  if (channel >= 0) {
    if (channel == kHelperChannelFd) {
      ::fcntl(channel, F_SETFD, 0);
    } else {
      ::dup2(channel, kHelperChannelFd);
    }
  }
  ::execve(argv[0], argv, envp);
  ::_exit(127);
}

}  // namespace

Result<ChildProcess> ChildProcess::start(ChildCommand command) {
  if (::access(command.program.c_str(), X_OK) != 0) {
    return fail_errno("cannot run the program", errno, Place::in_file(command.program.string()));
  }
  std::vector<std::string> arguments = {command.program.string()};
  arguments.insert(arguments.end(), command.arguments.begin(), command.arguments.end());
  auto environment = environment_with(command.environment);
  auto argv = pointers_to(arguments);
  auto envp = pointers_to(environment);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) return fail_errno("cannot start a process", errno);
  if (pid == 0) become(argv.data(), envp.data(), command.channel.get(), parent);
  ChildProcess child;
  child.pid_ = pid;
  child.pidfd_.reset(int(::syscall(SYS_pidfd_open, pid, 0)));
  return child;
}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  if (this != &other) {
    kill();
    pid_ = std::exchange(other.pid_, -1);
    pidfd_ = std::move(other.pidfd_);
  }
  return *this;
}

std::optional<ExitStatus> ChildProcess::wait(std::chrono::milliseconds timeout) {
  if (!running()) return ExitStatus{};
  pollfd wanted{pidfd_.get(), POLLIN, 0};
  while (::poll(&wanted, 1, int(timeout.count())) < 0 && errno == EINTR) {
  }
  int status = 0;
  const pid_t ended = ::waitpid(pid_, &status, WNOHANG);
  if (ended == 0) return std::nullopt;
  pid_ = -1;
  if (WIFSIGNALED(status)) return ExitStatus{0, WTERMSIG(status)};
  return ExitStatus{WEXITSTATUS(status), 0};
}

void ChildProcess::terminate() const noexcept {
  if (running()) ::kill(pid_, SIGTERM);
}

void ChildProcess::kill() noexcept {
  if (!running()) return;
  ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
}

}  // namespace mailroom
