#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/app/folders.h"

namespace CLI {
class App;
}

namespace mailroom::app::ctl {

/// Exit codes of mailroomctl; scripts rely on them.
inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kFound = 2;  ///< verify found something wrong
inline constexpr int kHeld = 3;   ///< something waits for a person

/// What the words on the command line asked for; set by the subcommand that was given.
struct Chosen {
  Folders folders;
  std::function<int()> run;
};

/// Each adds its subcommands to `parser`; running one sets `chosen.run`.
void add_daemon_commands(CLI::App& parser, Chosen& chosen);  ///< need a running mailroomd
void add_local_commands(CLI::App& parser, Chosen& chosen);   ///< setup, separators, read, sample

}  // namespace mailroom::app::ctl
