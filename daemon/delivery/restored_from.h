#pragma once

#include <cstdint>
#include <string>

namespace mailroom::delivery {

/// What recipients are told of an appliance that was restored from a backup (docs/contract.md).
struct RestoredFrom {
  std::int64_t generation = 0;  ///< 0: never restored
  std::int64_t seq = 0;         ///< the audit's head in the backup
  std::string head;
};

/// A state message (state_text()) with that in it.
std::string with_restore(std::string state, const RestoredFrom& restored);

}  // namespace mailroom::delivery
