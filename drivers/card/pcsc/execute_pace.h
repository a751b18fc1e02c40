#pragma once

#include "drivers/card/card_reader.h"

/// The messages of EXECUTE_PACE (PC/SC part 10 amendment 1 §2.5.11, BSI TR-03119 D.1). Reentrant.
namespace mailroom::card {

Bytes pace_abilities_request();
bool offers_eid_pace(const Result<Bytes>& answer);  ///< "generic PACE" and "German eID"

/// Errc::invalid_input for a PIN that is not typed at the keypad, or parts that are too long.
Result<Bytes> establish_pace_request(const ReaderPaceOrder& order);

/// Errors as of Card::establish_pace().
Result<ReaderPaceResult> read_establish_pace_answer(ByteView answer);

}  // namespace mailroom::card
