#pragma once

#include <functional>
#include <string>

#include "firmware/board/host/descriptor.h"

namespace mailroom::panel {

/// The emulator's own socket: one line asks, the answer ends with the connection. Thread-bound.
class Control {
 public:
  using Answer = std::function<std::string(const std::string& line)>;

  /// Throws std::system_error.
  explicit Control(const std::string& path);
  ~Control();
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;

  void serve(const Answer& answer);  ///< whoever waits, without waiting
  [[nodiscard]] int fd() const { return listening_.get(); }

 private:
  std::string path_;
  Descriptor listening_;
};

/// Asks the emulator behind `path`. Throws std::system_error when there is none.
std::string ask(const std::string& path, const std::string& line);

}  // namespace mailroom::panel
