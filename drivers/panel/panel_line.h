#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "daemon/base/unique_fd.h"
#include "drivers/panel/panel_link.h"
#include "drivers/panel/serial_port.h"

namespace mailroom::drivers {

/// A panel on a serial port, from now until it goes out of scope: opens the port whenever it is there,
/// and gets it back after it was pulled out. Events come on the line's own thread and must not wait
/// for anything. Thread-safe.
class PanelLine {
 public:
  /// `path`: a name that stays the same over plugging (docs/panel.md, "Names").
  PanelLine(std::string path, PanelEvents events);
  ~PanelLine();
  PanelLine(const PanelLine&) = delete;
  PanelLine& operator=(const PanelLine&) = delete;

  void show(const panel::PanelState& state);
  void recorded(const panel::Press& press);

 private:
  void run(const std::stop_token& stop);
  void try_open();
  void exchange();
  void take_orders();
  void lose_port(const Error& why);
  void wait() const;
  void wake() const;

  const std::string path_;
  PanelLink link_;  // of the thread
  std::optional<SerialPort> port_;
  std::vector<std::uint8_t> unsent_;
  std::string fault_;  // told to the log once
  UniqueFd bell_;
  std::mutex mutex_;
  std::optional<panel::PanelState> wanted_;
  std::deque<std::pair<std::uint32_t, std::uint32_t>> recorded_;
  std::jthread thread_;  // last: starts when the rest is there
};

}  // namespace mailroom::drivers
