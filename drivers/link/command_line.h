#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "drivers/link/far_end.h"

namespace CLI {
class App;
}

namespace mailroom::drivers {

/// What both ends of a link are told by their command lines.
struct LinkChoice {
  LinkAddress address;
  std::filesystem::path identities;
  std::string own;  ///< file name of our identity
  std::string client = "mailroomd";

  [[nodiscard]] TlsParty party() const {
    return {identities / "ca.pem", identities / (own + ".pem"), identities / (own + ".key")};
  }
};

/// A program NAME-link with the commands `connect` and `serve`.
struct LinkProgram {
  const char* name;
  const char* text;                         ///< one line for its help
  const char* port;                         ///< used unless told otherwise
  std::function<void(CLI::App&)> add_more;  ///< options of `serve` alone
  std::function<FarProgram()> far;          ///< what `serve` starts, by those options
  std::function<Result<void>(const LinkChoice&)> connect;
};

/// The whole of its main(): the exit code. SIGPIPE is ignored from here on.
int run_link(const LinkProgram& program, int argc, char** argv);

}  // namespace mailroom::drivers
