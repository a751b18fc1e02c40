#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "drivers/panel/panel_link.h"
#include "firmware/panel/panel.h"

namespace mailroom::test {

/// One direction of a serial line at 115200 bit/s.
class Wire {
 public:
  bool cut = false;
  int noise = 0;  ///< of a thousand bytes so many arrive wrong

  void send(std::span<const std::uint8_t> bytes, std::uint32_t now, std::mt19937& random);
  std::vector<std::uint8_t> arrived(std::uint32_t now);

 private:
  std::deque<std::pair<std::uint32_t, std::uint8_t>> under_way_;
};

/// The real firmware logic and the real end of the daemon, joined by a line that can be cut, on a clock
/// that only runs when told to. What the daemon records outlives it, as the catalogue does.
class LineBench {
 public:
  explicit LineBench(unsigned seed);

  void run(std::uint32_t milliseconds);
  void press(panel::Key key, std::uint32_t for_ms = 40);
  void press_in_the_past(panel::Key key, std::uint32_t for_ms);  ///< as samples of an interrupt
  void reset_panel();                                            ///< memory kept, as a watchdog does
  void lose_power();                                             ///< memory lost
  void kill_daemon();
  void start_daemon();
  void show(const panel::PanelState& state);

  [[nodiscard]] const panel::Panel& panel() const { return *panel_; }
  [[nodiscard]] const panel::PressStore& store() const { return store_; }
  [[nodiscard]] bool daemon_sees_it() const { return link_ && link_->connected(); }
  [[nodiscard]] std::uint8_t lamps() const { return panel_->lamps(panel_now()); }
  [[nodiscard]] panel::Canvas picture() const;
  [[nodiscard]] std::uint32_t now() const { return now_; }

  Wire to_daemon, to_panel;
  std::vector<panel::Press> acted;  ///< in the order they acted
  int connections = 0, losses = 0, refusals = 0;
  std::optional<panel::Hello> last_hello;
  std::uint32_t recording_takes = 5;  ///< milliseconds from a press to its being durable
  int dies_after_recording = 0;  ///< of a hundred presses so often the daemon dies before it tells the panel

 private:
  void step();
  void record_due();
  [[nodiscard]] std::uint32_t panel_now() const { return now_ - panel_started_; }
  [[nodiscard]] std::uint32_t daemon_now() const { return now_ + 77'777; }

  std::mt19937 random_;
  std::uint32_t now_ = 1000;
  std::uint32_t panel_started_ = 0;
  panel::PressStore store_;
  std::unique_ptr<panel::Panel> panel_;
  std::unique_ptr<drivers::PanelLink> link_;
  panel::PanelState state_;
  std::deque<std::pair<std::uint32_t, panel::Press>> to_record_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> recorded_;
  std::uint8_t keys_ = 0;
  std::vector<std::pair<std::uint32_t, std::uint8_t>> let_go_;
};

/// A state in which every key means something.
panel::PanelState busy_state();

}  // namespace mailroom::test
