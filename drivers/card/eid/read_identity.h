#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/card/eid/data_groups.h"
#include "drivers/card/eid/pace.h"
#include "drivers/card/eid/terminal.h"

namespace mailroom::card {

/// What is to be learnt from a card; asking for more than the certificate allows is a fault.
struct IdentityQuestion {
  std::vector<int> groups = {};                ///< data groups
  std::optional<int> min_age = {};             ///< years
  std::optional<Bytes> community = {};         ///< municipality key to compare with
  bool pseudonym = false;
};

/// One reading. Counter mode has `can` only; kiosk mode a PIN, and the CAN before it when the PIN is suspended.
struct ReadOrder {
  IdentityQuestion question;
  std::optional<PacePassword> can = {};
  std::optional<PacePassword> pin = {};
};

/// Everything a successful reading gave. Personal data: seal it and let it go.
struct IdentityReading {
  CardKind kind = CardKind::other;
  nlohmann::json data = nlohmann::json::object();  ///< by group_name(); what the card lacks is left out
  std::optional<bool> old_enough = {};
  std::optional<bool> in_community = {};
  std::optional<std::string> pseudonym = {};
};

/// Tells which step begins: "card_access", "pace_can", "pace_pin", "terminal_authentication",
/// "passive_authentication", "chip_authentication", "validity", "data".
using OnStep = std::function<void(std::string_view step)>;

/// Runs the whole of it on one card. Nothing that the card says of its holder is asked for before terminal,
/// data and chip are proven, and nothing is given unless all of it came.
EidResult<IdentityReading> read_identity(Card& card, const Terminal& terminal, const ReadOrder& order, Timestamp now,
                                         const OnStep& on_step = {});

}  // namespace mailroom::card
