#pragma once

#include <string>

#include "daemon/base/clock.h"
#include "drivers/payment/payment_terminal.h"
#include "drivers/payment/zvt/messages.h"

namespace mailroom::payment::zvt {

/// A payment as it is made durable before it is asked for (docs/payment.md).
struct PaymentAttempt {
  std::string reference;
  int cents = 0;
  std::string began_at;  ///< RFC 3339
  std::string terminal;  ///< id of the terminal; empty when it had booked nothing yet
  std::string receipt;   ///< number of its last receipt; empty when there was none
  std::string trace;
};

std::string to_json(const PaymentAttempt& attempt);
/// Errc::corrupt, unsupported for a newer format.
Result<PaymentAttempt> read_attempt(const std::string& json);

/// What the terminal booked last, told after the attempt, means for it. paid or declined; that it tells
/// nothing proves nothing. Errc::conflict when it does not follow from these numbers. A reversal that takes
/// back what was booked since the attempt began means declined.
Result<PaymentResult> judge(const PaymentAttempt& attempt, const std::optional<StatusInformation>& last);

Booking booking_of(const StatusInformation& status);

}  // namespace mailroom::payment::zvt
