#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "firmware/protocol/messages.h"

namespace mailroom::panel {

/// A key that means something now, or nothing that the daemon offers.
struct KeyStroke {
  Key key = Key::up;
  Action action = Action::none;
};

/// Makes strokes of the levels of five contacts that bounce. A key that is down when the panel starts
/// has to be let go before it counts.
class Keys {
 public:
  static constexpr std::uint32_t kSteadyFor = 10;  ///< milliseconds until a level counts

  void start(std::uint8_t down, std::uint32_t now);

  /// `down`: bit n is key n. At most one stroke a call; call it every few milliseconds.
  std::optional<KeyStroke> read(std::uint8_t down, std::uint32_t now,
                                const std::array<KeyActions, kKeys>& meanings);
  [[nodiscard]] std::uint8_t down() const { return steady_; }

 private:
  struct Contact {
    std::uint32_t changed_at = 0;
    std::uint32_t pressed_at = 0;
    Action if_released = Action::none;  // what it meant when it went down
    Action if_held = Action::none;
    bool waits = false;  // for its release or for kHoldFor
  };
  std::optional<KeyStroke> settle(std::size_t index, bool down, std::uint32_t now, const KeyActions& meaning);

  std::array<Contact, kKeys> contacts_{};
  std::uint8_t raw_ = 0;
  std::uint8_t steady_ = 0;
};

}  // namespace mailroom::panel
