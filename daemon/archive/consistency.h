#pragma once

#include <string>
#include <vector>

#include "daemon/archive/database.h"

namespace mailroom::archive {

/// Rows of the catalogue that contradict each other.
struct Contradiction {
  std::string what;   ///< "page", "document", "batch", "delivery", "audit", "clarification"
  std::string where;  ///< number of batch or document, id of a delivery
  std::string text;   ///< which invariant does not hold
};

/// What docs/invariants.md says about rows, checked over the whole catalogue: no page in two documents
/// and none dropped; states of batches, documents and deliveries that fit each other; every sealed and
/// receipted document in the audit and nothing in the audit that is not there. It holds after every
/// committed transaction that follows recovery. Only reads.
Result<std::vector<Contradiction>> find_contradictions(Database& database);

}  // namespace mailroom::archive
