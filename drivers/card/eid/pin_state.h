#pragma once

#include <cstdint>
#include <optional>

#include "drivers/card/card_reader.h"
#include "drivers/card/eid/fault.h"

namespace mailroom::card {

/// The state of a PIN as the card tells it before a try (TR-03110-3 B.11.1; TR-03110-2 §2.4).
enum class PinState {
  three_tries,
  two_tries,
  suspended,    ///< one try, after the CAN
  blocked,      ///< none; the PUK frees it
  deactivated,
};

/// Reads the status of MSE:Set AT. nullopt for one that says nothing of the PIN.
std::optional<PinState> pin_state_from(std::uint16_t set_at_status);

/// What a refused password means: `status` is the card's answer to the last command of PACE.
EidError password_refused(PasswordKind kind, std::uint16_t status);

}  // namespace mailroom::card
