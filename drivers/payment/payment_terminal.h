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
  int cents = 0;          ///< of euros, above 0
  std::string reference;  ///< ours (Kassenzeichen), for people; a terminal need not keep it
};

/// A payment as the terminal has booked it.
struct Booking {
  std::string terminal;  ///< its id
  std::string receipt;   ///< receipt number
  std::string trace;     ///< trace number
  std::string card;      ///< kind of card, "girocard"
  std::string at;        ///< "MMDD hhmmss" of the terminal's clock
};

enum class Outcome {
  paid,
  declined,  ///< nothing was booked
  aborted,   ///< by the person or by us; nothing was booked
  unknown,   ///< the line was lost before the terminal told: resolve() finds out
};
std::string_view name_of(Outcome outcome);

struct PaymentResult {
  Outcome outcome = Outcome::unknown;
  Booking booking = {};                 ///< when paid
  std::string text = {};                ///< of the terminal, for people
  std::vector<std::string> lines = {};  ///< of the receipt that the terminal would print
};

/// What the person is to do now: "insert_card", "enter_pin", "wait", "remove_card", "not_readable", "retry", "approved",
/// "declined"; and the terminal's own words, when it gives some.
using OnStep = std::function<void(std::string_view step, const std::string& text)>;

/// A card terminal. The order that keeps money from being taken twice or lost:
///
///   1. prepare() gives a record of what the terminal booked last; the caller makes it durable.
///   2. authorise() asks for the payment, once. Its outcome is made durable.
///   3. When it is unknown, or the caller ended between 1 and the end of 2, resolve() with that record tells whether
///      the payment took place, as often as needed. No other payment may be asked for before that.
///
/// One payment at a time. Thread-bound.
class PaymentTerminal {
 public:
  virtual ~PaymentTerminal() = default;

  /// Errc::unreachable, timed_out, corrupt.
  virtual Result<void> look() = 0;
  virtual Result<std::string> prepare(const PaymentOrder& order) = 0;
  virtual PaymentResult authorise(const PaymentOrder& order, const OnStep& on_step, const std::stop_token& stop) = 0;

  /// Never unknown: an error while nobody can tell yet (unreachable, busy).
  virtual Result<PaymentResult> resolve(const PaymentOrder& order, const std::string& record) = 0;

  /// Takes the booking with this receipt number back.
  virtual Result<PaymentResult> reverse(const std::string& receipt, const OnStep& on_step) = 0;
  virtual Result<std::vector<std::string>> end_day() = 0;  ///< the lines of its report
};

}  // namespace mailroom::payment
