#include "drivers/card/eid/terminal.h"

#include "drivers/card/eac/cv_signature.h"

namespace mailroom::card {

EidResult<void> check_terminal(const Terminal& terminal, Timestamp now) {
  MAILROOM_EID_TRY_VOID(EidFault::certificate_chain, check_chain(terminal.chain, now));
  MAILROOM_EID_TRY_VOID(EidFault::certificate_chain,
                        check_cv_signatures(terminal.chain.anchor.object, terminal.chain.verifier.object,
                                            terminal.chain.terminal.object));
  const bool can_allowed = terminal.chain.rights().has(Right::can_allowed);
  if (terminal.mode == ReadingMode::counter && !can_allowed)
    return refuse(EidFault::certificate_rights, Errc::refused,
                  "the counter's certificate does not allow reading with the CAN");
  if (terminal.mode == ReadingMode::kiosk && can_allowed)
    return refuse(EidFault::mode_forbids, Errc::refused,
                  "the kiosk has a certificate for reading with the CAN, which belongs to a counter");
  return {};
}

}  // namespace mailroom::card
