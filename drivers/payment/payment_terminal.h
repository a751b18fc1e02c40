#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/result.h"

namespace mailroom::payment {

/// What is to be paid.
struct PaymentOrder {
  int cents = 0;          ///< of euros, 1 to 99,999,999
  std::string reference;  ///< ours (Kassenzeichen), for people; a terminal need not keep it
};

/// A payment as the terminal has booked it.
struct Booking {
  std::string terminal;     ///< its id (TID), 8 digits
  std::string receipt;      ///< receipt number (Belegnummer), 4 digits; what reverse() asks for
  std::string trace;        ///< trace number, 6 digits
  std::string card;         ///< kind of card, "girocard"
  std::string at;           ///< "MMDD hhmmss" of the terminal's clock
  std::string card_number;  ///< masked but for the last digits; empty when the terminal gives none
};

enum class Outcome {
  paid,      ///< booked; `booking` says how
  declined,  ///< nothing is booked; `text` says why
  aborted,   ///< nothing is booked; `aborted_by` says who
  unknown,   ///< the line was lost, or the terminal talked nonsense: resolve() finds out
};
std::string_view name_of(Outcome outcome);

enum class AbortedBy {
  nobody,  ///< it was not aborted
  person,  ///< at the terminal: its cancel key, or no card within the time it gives
  us,      ///< the stop token of authorise()
};
std::string_view name_of(AbortedBy who);

struct PaymentResult {
  Outcome outcome = Outcome::unknown;
  Booking booking = {};                 ///< when paid
  std::string text = {};                ///< German, for people: of the terminal when it gives some
  std::vector<std::string> lines = {};  ///< the customer's receipt, UTF-8, as the terminal would print it
  std::vector<std::string> merchant_lines = {};  ///< ours (Händlerbeleg)
  AbortedBy aborted_by = AbortedBy::nobody;
};

/// What the person is to do now. `step` is one of "confirm_amount", "insert_card" (or hold it to the
/// terminal), "enter_pin", "wait", "remove_card", "not_readable", "retry" (wrong PIN), "approved",
/// "declined"; `text` is German: the terminal's own words, else ours for the step. Called on the thread of
/// the call it is given to.
using OnStep = std::function<void(std::string_view step, const std::string& text)>;

/// The German words for a step of OnStep.
std::string_view words_of(std::string_view step);

/// A card terminal. The order that keeps money from being taken twice or lost (docs/payment.md):
///
///   1. prepare() gives a record of the attempt: amount, reference, time, and what the terminal booked last.
///   The caller
///      makes it durable.
///   2. authorise() asks for the payment, once. The caller makes its outcome durable.
///   3. When it is unknown, or the caller died after 1 and before the outcome was durable, resolve() with
///   that record
///      tells whether the payment took place: as often as needed, also in another process. Until it has told,
///      no other payment may be asked for at this terminal, and its day must not be closed.
///
/// The terminal belongs to one kiosk alone: what somebody else books meanwhile is not mistaken for ours when
/// it differs in amount or number, but then a person has to decide.
///
/// One call at a time; each call makes and ends its own connection, so a far end that comes back is found
/// again. Thread-bound.
class PaymentTerminal {
 public:
  virtual ~PaymentTerminal() = default;

  /// Registers with the terminal and asks for its state. Errc::unreachable, timed_out, corrupt (it talks
  /// nonsense), refused (password, currency), busy (a payment is going on, or it is in maintenance).
  virtual Result<void> look() = 0;

  /// The record of an attempt, as JSON (docs/payment.md). Asks for nothing yet, so any error means: not paid.
  /// Errors as look(); Errc::unsupported for a terminal that cannot tell what it booked last, invalid_input
  /// for an amount out of range.
  virtual Result<std::string> prepare(const PaymentOrder& order) = 0;

  /// Asks for the payment and follows it to its end. `stop` asks the terminal to abort; a payment that is
  /// past that point still ends as paid. Never throws an outcome away: whatever is not certain is unknown.
  virtual PaymentResult authorise(const PaymentOrder& order, const OnStep& on_step,
                                  const std::stop_token& stop) = 0;

  /// Whether the attempt of this record was booked: paid, or declined with the text "nichts gebucht". Asks
  /// for no payment. An error while nobody can tell: unreachable, timed_out, corrupt, busy (ask again later);
  /// conflict when a person must compare with the terminal's journal, because it has booked something else
  /// since.
  virtual Result<PaymentResult> resolve(const PaymentOrder& order, const std::string& record) = 0;

  /// Takes the booking with this receipt number back (Storno). paid means: taken back; declined and aborted:
  /// it still stands; unknown: ask again, a terminal refuses what is taken back already.
  virtual Result<PaymentResult> reverse(const std::string& receipt, const OnStep& on_step) = 0;

  /// Closes the day (Kassenabschluss): the lines of its report.
  virtual Result<std::vector<std::string>> end_day() = 0;
};

}  // namespace mailroom::payment
