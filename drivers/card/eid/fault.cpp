#include "drivers/card/eid/fault.h"

#include <algorithm>
#include <array>

namespace mailroom::card {
namespace {

constexpr std::array<std::string_view, 35> kNames = {
    "no_card",          "card_lost",       "reader_lost",       "reader_busy",
    "not_an_eid_card",  "malformed_answer", "channel_broken",   "wrong_can",
    "wrong_pin",        "pin_suspended",   "pin_blocked",       "pin_deactivated",
    "transport_pin",    "entry_cancelled", "entry_timed_out",   "keypad_needed",
    "mode_forbids",     "certificate_malformed", "certificate_chain", "certificate_not_yet_valid",
    "certificate_expired", "certificate_rights", "certificate_unknown_to_card", "terminal_refused",
    "terminal_key",     "data_not_signed", "signer_not_trusted", "card_access_differs",
    "chip_not_genuine", "card_expired",    "data_malformed",    "data_refused",
    "record_failed",    "crashed",         "timed_out"};
static_assert(kNames.size() == std::size_t(EidFault::timed_out) + 1);

}  // namespace

std::string_view name_of(EidFault fault) { return kNames.at(std::size_t(fault)); }

std::optional<EidFault> fault_from(std::string_view name) {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return EidFault(found - kNames.begin());
}

tl::unexpected<EidError> refuse(EidFault fault, Error error) {
  if (error.code == Errc::device_lost) fault = EidFault::card_lost;
  if (error.code == Errc::unreachable) fault = EidFault::reader_lost;
  return tl::unexpected<EidError>(EidError{fault, std::move(error)});
}

tl::unexpected<EidError> refuse(EidFault fault, Errc code, std::string what) {
  return refuse(fault, Error{code, std::move(what)});
}

}  // namespace mailroom::card
