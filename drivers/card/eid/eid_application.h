#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "drivers/card/eid/channel.h"
#include "drivers/card/eid/security_infos.h"

/// What an authenticated terminal asks of the eID application (BSI TR-03110-4 §2.2). Only after chip
/// authentication.
namespace mailroom::card {

EidResult<void> select_eid(EidChannel& channel);

/// One data group as read_data_group() gives it; null when the card has none of it. Faults: data_refused,
/// data_malformed.
EidResult<nlohmann::json> read_group(EidChannel& channel, int number);

/// The card compares auxiliary data of terminal authentication with its own (VERIFY).
EidResult<bool> is_old_enough(EidChannel& channel);
EidResult<bool> lives_in_community(EidChannel& channel);
EidResult<bool> is_valid_card(EidChannel& channel);

/// Restricted identification (TR-03110-2 §3.5): the card's pseudonym in the sector of `sector_key` (data object
/// 7F49), as hexadecimal digits.
EidResult<std::string> read_pseudonym(EidChannel& channel, const RestrictedIdentification& protocol, ByteView sector_key);

}  // namespace mailroom::card
