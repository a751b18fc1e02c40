#include "daemon/kiosk/visit.h"

namespace mailroom::kiosk {

std::string_view name_of(ProofState state) {
  switch (state) {
    case ProofState::open: return "open";
    case ProofState::scanning: return "scanning";
    case ProofState::scanned: return "scanned";
    case ProofState::earlier: return "earlier";
  }
  return "";
}

std::string_view name_of(ReadingState state) {
  switch (state) {
    case ReadingState::none: return "none";
    case ReadingState::waiting_for_card: return "waiting_for_card";
    case ReadingState::reading: return "reading";
    case ReadingState::done: return "done";
    case ReadingState::failed: return "failed";
  }
  return "";
}

std::string_view name_of(PaymentState state) {
  switch (state) {
    case PaymentState::none: return "none";
    case PaymentState::due: return "due";
    case PaymentState::running: return "running";
    case PaymentState::paid: return "paid";
    case PaymentState::declined: return "declined";
    case PaymentState::aborted: return "aborted";
    case PaymentState::unknown: return "unknown";
    case PaymentState::later: return "later";
  }
  return "";
}

}  // namespace mailroom::kiosk
