#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/result.h"

namespace mailroom::payment {

/// How a payment at a virtual terminal goes (docs/payment.md).
enum class Behaviour {
  pays,                  ///< card, PIN, booked
  pays_without_pin,      ///< contactless
  declines,              ///< the card's bank says no
  person_aborts,         ///< the cancel key
  wrong_pin_first,       ///< then booked
  waits_for_card,        ///< until somebody aborts, or the time for a card is over
  drops_before_booking,  ///< ends the connection, nothing is booked
  drops_after_booking,   ///< books, and ends the connection without a word
  talks_nonsense,        ///< books, and then sends octets that are no ZVT
  books_and_aborts,      ///< books, tells so, and then says that it was aborted
};

/// Errc::invalid_input for a name that is none of those above.
Result<Behaviour> behaviour_from(std::string_view name);

/// The behaviour that the last two digits of an amount choose; pays for all that choose none.
Behaviour behaviour_of(std::uint64_t cents);

/// What a virtual terminal does.
struct TerminalScript {
  std::vector<Behaviour> payments;          ///< in this order; behind the last one the amount chooses
  std::chrono::milliseconds pace{300};      ///< between two steps
  std::chrono::milliseconds card{60'000};   ///< for a card to come
  std::chrono::milliseconds answer{5'000};  ///< for the register's acknowledgement (T3)
  bool carries_on = true;        ///< with a payment whose line is lost; else it gives up what is not booked
  bool takes_back = false;       ///< reverses a payment whose result nobody acknowledged
  bool names_original = true;    ///< tells of a reversal the trace number of what it takes back (37)
  bool repeats_receipts = true;  ///< knows the command 06 20
  bool prints_lines = false;     ///< receipts by 06 D1 instead of 06 D3
};

/// Reads a script file (JSON, docs/payment.md).
Result<TerminalScript> read_script(const std::filesystem::path& file);

}  // namespace mailroom::payment
