#include "drivers/card/eid/pin_state.h"

namespace mailroom::card {
namespace {

constexpr std::uint16_t kDeactivated = 0x6283, kBlocked = 0x6983;

bool counts_tries(std::uint16_t status) { return (status & 0xFFF0U) == 0x63C0U; }

EidFault fault_of(PasswordKind kind, std::uint16_t status) {
  if (kind == PasswordKind::can) return EidFault::wrong_can;
  if (status == kBlocked || status == 0x63C0) return EidFault::pin_blocked;
  if (status == kDeactivated) return EidFault::pin_deactivated;
  if (status == 0x63C1) return EidFault::pin_suspended;
  return EidFault::wrong_pin;
}

}  // namespace

std::optional<PinState> pin_state_from(std::uint16_t set_at_status) {
  switch (set_at_status) {
    case 0x9000: return PinState::three_tries;
    case 0x63C2: return PinState::two_tries;
    case 0x63C1: return PinState::suspended;
    case 0x63C0:
    case kBlocked: return PinState::blocked;
    case kDeactivated: return PinState::deactivated;
    default: return std::nullopt;
  }
}

EidError password_refused(PasswordKind kind, std::uint16_t status) {
  EidError error{fault_of(kind, status),
                 {Errc::refused, "the card did not accept the password and answers " + status_text(status)}};
  if (counts_tries(status) && kind == PasswordKind::pin) error.tries = int(status & 0x0FU);
  return error;
}

}  // namespace mailroom::card
