#pragma once

#include <atomic>
#include <filesystem>
#include <list>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "drivers/link/remote_channel.h"

namespace mailroom::drivers {

/// What the far computer starts for each connection.
struct FarProgram {
  std::filesystem::path program;
  std::vector<std::string> arguments = {};
  std::map<std::string, std::string> environment = {};  ///< added to ours
};

/// The end of a link on the computer beside the device: a helper of its own for each connection of the
/// daemon, which ends with it. Nobody else is let in. Thread-bound.
class FarEnd {
 public:
  /// `client` is the common name of the daemon's certificate.
  FarEnd(FarProgram program, TlsParty us, std::string client)
      : program_(std::move(program)), us_(std::move(us)), client_(std::move(client)) {}

  /// Serves what connects to `listener`, for ever; an error when it cannot any more.
  Result<void> serve(const UniqueFd& listener);

 private:
  struct Connection {
    std::atomic<bool> over = false;
    std::jthread thread;
  };
  Result<void> serve_one(UniqueFd socket) const;

  FarProgram program_;
  TlsParty us_;
  std::string client_;
  std::list<Connection> connections_;
};

}  // namespace mailroom::drivers
