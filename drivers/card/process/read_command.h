#pragma once

#include "drivers/card/card_reader.h"
#include "drivers/card/messages/messages.h"
#include "drivers/card/process/terminal_setup.h"
#include "drivers/card/eid/read_identity.h"

namespace mailroom::card {

/// Carries out one order to read: checks it against the mode, reads the card in `reader`, seals what came.
EidResult<SealedReading> carry_out(const ReadRequest& request, CardReaders& readers, const std::string& reader,
                                   const Terminal& terminal, const OnStep& on_step);

}  // namespace mailroom::card
