#pragma once

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <stdexcept>
#include <string>

namespace mailroom::test {

/// What a command prints (both streams) and its exit code.
struct CommandOutcome {
  int code = -1;
  std::string output;
};

/// Runs a shell command, as an auditor would.
inline CommandOutcome shell(const std::string& command) {
  CommandOutcome outcome;
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot start a shell");
  std::array<char, 4096> room{};
  for (std::size_t got = 0; (got = std::fread(room.data(), 1, room.size(), pipe)) > 0;) {
    outcome.output.append(room.data(), got);
  }
  outcome.code = WEXITSTATUS(::pclose(pipe));
  return outcome;
}

}  // namespace mailroom::test
