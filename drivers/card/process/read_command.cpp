#include "drivers/card/process/read_command.h"

#ifdef MAILROOM_SOFTWARE_PIN
#include "drivers/card/eid/software_pin.h"
#endif
#include "drivers/card/process/seal_record.h"

namespace mailroom::card {
namespace {

EidResult<PacePassword> pin_of([[maybe_unused]] const ReadRequest& request, const Card& card) {
  if (card.has_keypad()) return PacePassword::pin_at_keypad();
#ifdef MAILROOM_SOFTWARE_PIN
  if (!request.pin.empty()) return SoftwarePin::pin(request.pin);
#endif
  return refuse(EidFault::keypad_needed, Errc::unsupported, "a PIN is entered at the keypad of a card reader only");
}

EidResult<void> check_mode(const ReadRequest& request, const Terminal& terminal) {
  if (request.mode != terminal.mode)
    return refuse(EidFault::mode_forbids, Errc::refused, "this reader is set up for the other mode");
  if (request.mode == ReadingMode::counter && !request.photo_compared)
    return refuse(EidFault::mode_forbids, Errc::refused, "nobody says that the photo was compared");
#ifndef MAILROOM_SOFTWARE_PIN
  if (!request.pin.empty())
    return refuse(EidFault::keypad_needed, Errc::unsupported, "a PIN is entered at the keypad of a card reader only");
#endif
  return {};
}

EidResult<ReadOrder> order_of(const ReadRequest& request, const Card& card) {
  ReadOrder order;
  for (const auto& group : request.groups) order.question.groups.push_back(group_number(group));
  order.question.min_age = request.min_age;
  order.question.pseudonym = request.pseudonym;
  const ByteView community = as_bytes(request.community);
  if (!community.empty()) order.question.community = Bytes(community.begin(), community.end());
  if (!request.can.empty()) order.can = PacePassword::can(request.can);
  if (request.mode == ReadingMode::counter) return order;
  MAILROOM_EID_TRY(order.pin, EidFault::keypad_needed, pin_of(request, card));
  return order;
}

EidFault fault_of_connecting(Errc code) {
  switch (code) {
    case Errc::busy: return EidFault::reader_busy;
    case Errc::not_found:
    case Errc::unreachable: return EidFault::reader_lost;
    default: return EidFault::no_card;
  }
}

}  // namespace

EidResult<SealedReading> carry_out(const ReadRequest& request, CardReaders& readers, const std::string& reader,
                                   const Terminal& terminal, const OnStep& on_step) {
  MAILROOM_EID_TRY_VOID(EidFault::mode_forbids, check_mode(request, terminal));
  const auto card = readers.connect(reader);
  if (!card) {
    // No card yet is not a card that was lost.
    return tl::unexpected<EidError>(EidError{fault_of_connecting(card.error().code), card.error()});
  }
  MAILROOM_EID_TRY(const ReadOrder order, EidFault::mode_forbids, order_of(request, **card));
  const Timestamp now = SystemClock().now();
  MAILROOM_EID_TRY(const IdentityReading reading, EidFault::malformed_answer,
                   read_identity(**card, terminal, order, now, on_step));
  MAILROOM_EID_TRY(SealedReading sealed, EidFault::record_failed,
                   seal_record(reading, request, terminal.chain.terminal, now));
  sealed.took_ms = int((SystemClock().now() - now).count());
  return sealed;
}

}  // namespace mailroom::card
