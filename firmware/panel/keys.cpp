#include "firmware/panel/keys.h"

namespace mailroom::panel {

void Keys::start(std::uint8_t down, std::uint32_t now) {
  raw_ = steady_ = down;
  for (auto& contact : contacts_) contact = {now, now, Action::none, Action::none, false};
}

/// A level that has become steady.
std::optional<KeyStroke> Keys::settle(std::size_t index, bool down, std::uint32_t now,
                                      const KeyActions& meaning) {
  Contact& contact = contacts_[index];
  const auto key = static_cast<Key>(index);
  if (!down) {
    if (!contact.waits) return std::nullopt;
    contact.waits = false;
    return KeyStroke{key, contact.if_released};
  }
  contact.pressed_at = now;
  contact.if_released = meaning.pressed;
  contact.if_held = meaning.held;
  contact.waits = meaning.held != Action::none;
  if (contact.waits) return std::nullopt;
  return KeyStroke{key, meaning.pressed};
}

std::optional<KeyStroke> Keys::read(std::uint8_t down, std::uint32_t now,
                                    const std::array<KeyActions, kKeys>& meanings) {
  for (std::size_t index = 0; index < kKeys; ++index) {
    const auto bit = std::uint8_t(1U << index);
    Contact& contact = contacts_[index];
    if (((down ^ raw_) & bit) != 0) {
      raw_ ^= bit;
      contact.changed_at = now;
    }
    const bool settled = now - contact.changed_at >= kSteadyFor;
    if (((raw_ ^ steady_) & bit) != 0 && settled) {
      steady_ ^= bit;
      if (const auto stroke = settle(index, (steady_ & bit) != 0, now, meanings[index])) return stroke;
    }
    if (contact.waits && now - contact.pressed_at >= kHoldFor) {
      contact.waits = false;
      return KeyStroke{static_cast<Key>(index), contact.if_held};
    }
  }
  return std::nullopt;
}

}  // namespace mailroom::panel
