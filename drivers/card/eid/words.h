#pragma once

#include <optional>
#include <string>

#include "drivers/card/eid/fault.h"

namespace mailroom::card {

enum class Language { german, english };

/// What the person before the card reader is told: what happened, and what to do now. Plain words, no codes.
struct FaultWords {
  std::string what;
  std::string remedy;
};

/// Words for `fault`; with `tries` the number of tries left is named.
FaultWords words_for(EidFault fault, Language language, std::optional<int> tries = {});

}  // namespace mailroom::card
