#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "firmware/board/host/descriptor.h"

namespace mailroom::panel {

/// The emulator's end of a serial line: a pseudo-terminal under a name of our own, as udev gives one to a
/// real panel. Thread-bound.
class Pty {
 public:
  /// Puts a link `name` to the line in place. Throws std::system_error.
  explicit Pty(std::string name);
  ~Pty();
  Pty(const Pty&) = delete;
  Pty& operator=(const Pty&) = delete;

  std::vector<std::uint8_t> read();  ///< what the daemon sent, maybe nothing
  /// What is written while nobody listens is lost, as on a wire.
  void write(std::span<const std::uint8_t> bytes);
  [[nodiscard]] int fd() const { return ours_.get(); }

 private:
  std::string name_;
  Descriptor ours_;
  Descriptor theirs_;  // held open: the line does not hang up when the daemon restarts
};

}  // namespace mailroom::panel
