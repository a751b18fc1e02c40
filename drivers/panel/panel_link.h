#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "firmware/protocol/frame.h"
#include "firmware/protocol/messages.h"

namespace mailroom::drivers {

/// What the daemon's end of a panel's line has to tell.
struct PanelEvents {
  std::function<void(const panel::Hello&)> connected;  ///< it shows our state; again after each of its starts
  std::function<void()> lost;                          ///< after connected
  std::function<void(const panel::Hello&)> refused;    ///< it speaks another major version
  /// A key. It is told once until recorded() answers it or the line is lost; the panel keeps it until
  /// then, so whoever records it must know by memory and number whether it has been recorded before.
  std::function<void(const panel::Press&)> pressed;
};

/// The daemon's end of the protocol (docs/formats/panel-protocol.md), without a port and without a clock:
/// bytes and milliseconds go in, bytes come out. Events come from within receive(), tick() and close().
/// Thread-bound.
class PanelLink {
 public:
  /// `new_memory` gives a random number other than 0 for a panel that has lost its numbering.
  PanelLink(PanelEvents events, std::function<std::uint32_t()> new_memory)
      : events_(std::move(events)), new_memory_(std::move(new_memory)) {}

  void open(std::uint32_t now);  ///< the port is there
  void close();                  ///< it is gone
  void receive(std::span<const std::uint8_t> bytes, std::uint32_t now);
  void tick(std::uint32_t now);  ///< call at least every 50 ms
  std::vector<std::uint8_t> take_output();

  /// What the panel is to show from now on; repeated until it does.
  void show(const panel::PanelState& state);
  /// The press is durable: the panel may forget it.
  void recorded(std::uint32_t memory, std::uint32_t number);

  [[nodiscard]] bool connected() const { return up_; }
  [[nodiscard]] std::uint32_t damaged() const { return reader_.damaged(); }

 private:
  struct PressId {
    std::uint32_t memory = 0;
    std::uint32_t number = 0;
    bool operator==(const PressId&) const = default;
  };
  void act_on(const panel::Frame& frame, std::uint32_t now);
  void greet(const panel::Hello& hello);
  void take(const panel::Press& press);
  void confirm(const panel::Taken& taken, std::uint32_t now);
  void prove(std::uint32_t then);
  void lose();
  void send(panel::Type type, std::uint8_t number, const panel::Payload& payload);
  void send_state(std::uint32_t now);

  PanelEvents events_;
  std::function<std::uint32_t()> new_memory_;
  panel::FrameReader reader_;
  std::vector<std::uint8_t> out_;
  panel::PanelState state_;
  std::uint8_t state_number_ = 1;
  bool state_shown_ = false;
  bool state_sent_ = false;
  std::uint32_t state_sent_at_ = 0;
  std::optional<panel::Hello> hello_;  // of the panel that was welcomed
  bool memory_adopted_ = false;        // a panel that has none again was without power
  std::optional<std::uint32_t> refused_boot_;
  bool up_ = false;
  std::uint32_t proven_at_ = 0;  // when both directions worked
  std::uint32_t heard_at_ = 0;
  std::uint32_t said_at_ = 0;
  PressId in_work_;
  PressId done_;
};

}  // namespace mailroom::drivers
