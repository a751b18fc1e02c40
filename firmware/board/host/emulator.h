#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "firmware/board/host/control.h"
#include "firmware/board/host/pty.h"
#include "firmware/panel/panel.h"

namespace mailroom::panel {

/// A panel on this computer: the firmware's logic on a pseudo-terminal, with a socket in place of fingers
/// and eyes (docs/panel.md, "Emulator"). Thread-bound.
class Emulator {
 public:
  /// `line`: the name of the serial line; `control`: of the socket.
  Emulator(const std::string& line, const std::string& control);

  void run();  ///< until SIGTERM or SIGINT

 private:
  void start_panel();
  void step();
  std::string answer(const std::string& request);
  std::string press(const std::string& key, std::uint32_t milliseconds);
  [[nodiscard]] std::uint32_t now() const;
  [[nodiscard]] std::string status() const;
  [[nodiscard]] std::string words_shown() const;  ///< station, headline, message, choice: a line each

  Pty line_;
  Control control_;
  PressStore store_;
  std::unique_ptr<Panel> panel_;
  std::uint64_t started_at_ = 0;                  // of the panel, in the machine's milliseconds
  std::uint8_t held_ = 0;                         // keys that stay down
  std::array<std::uint32_t, kKeys> let_go_at_{};  // keys that are down until then
  std::uint8_t pressed_ = 0;
};

}  // namespace mailroom::panel
