#pragma once

// For the sources of this room only: includes PC/SC.
#include <winscard.h>

#include <memory>
#include <string>

#include "drivers/card/card_reader.h"

namespace mailroom::card {

/// The card in `reader`, exclusively. `context` outlives it.
Result<std::unique_ptr<Card>> connect_card(SCARDCONTEXT context, const std::string& reader);

}  // namespace mailroom::card
