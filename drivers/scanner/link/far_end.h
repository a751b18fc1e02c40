#pragma once

#include <atomic>
#include <filesystem>
#include <list>
#include <string>
#include <thread>

#include "drivers/scanner/link/remote_channel.h"

namespace mailroom::drivers {

/// The end of a link on the computer beside the scanner: a mailroom-scan of its own for each connection of
/// the daemon, which ends with it. Nobody else is let in. Thread-bound.
class FarEnd {
 public:
  /// `client` is the common name of the daemon's certificate, `quirks` the folder of quirk files.
  FarEnd(std::filesystem::path scan_program, std::filesystem::path quirks, TlsParty us, std::string client)
      : scan_program_(std::move(scan_program)),
        quirks_(std::move(quirks)),
        us_(std::move(us)),
        client_(std::move(client)) {}

  /// Serves what connects to `listener`, for ever; an error when it cannot any more.
  Result<void> serve(const UniqueFd& listener);

 private:
  struct Connection {
    std::atomic<bool> over = false;
    std::jthread thread;
  };
  Result<void> connect_scanner(UniqueFd socket) const;

  std::filesystem::path scan_program_;
  std::filesystem::path quirks_;
  TlsParty us_;
  std::string client_;
  std::list<Connection> connections_;
};

}  // namespace mailroom::drivers
