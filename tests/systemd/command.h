#pragma once

#include <optional>
#include <string>

namespace mailroom::test {

/// What a shell command printed (both streams) and how it ended.
struct CommandOutcome {
  int status = -1;  ///< exit status, or -1 when it was killed
  std::string output;
};

CommandOutcome run_command(const std::string& command_line);

/// `text` as one word of a shell command.
std::string quoted(const std::string& text);

/// True when `name` is an executable of the PATH; says "[skipped]" otherwise.
bool have_program(const std::string& name);

}  // namespace mailroom::test
