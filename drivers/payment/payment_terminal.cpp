#include "drivers/payment/payment_terminal.h"

namespace mailroom::payment {

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::paid: return "paid";
    case Outcome::declined: return "declined";
    case Outcome::aborted: return "aborted";
    case Outcome::unknown: return "unknown";
  }
  return "";
}

}  // namespace mailroom::payment
