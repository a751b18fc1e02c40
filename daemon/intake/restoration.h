#pragma once

#include <cstdint>
#include <string>

#include "daemon/archive/catalogue.h"
#include "daemon/base/clock.h"

namespace mailroom::intake {

/// What a restored catalogue was made ready with.
struct Restoration {
  std::int64_t generation = 0;   ///< the new one
  archive::AuditHead backed_up;  ///< the head of the audit in the backup
  int owed = 0;                  ///< deliveries that are sent again under their ids
  int doubtful = 0;              ///< batches and documents that a person is asked about
};

/// Makes a catalogue that was copied back from a backup of `backup_at` fit for work, in one
/// transaction. Nobody knows what was done between the backup and its loss, so: a new generation
/// begins, which recipients learn from the state topic; short numbers leave a gap; what is owed is
/// sent again under the same ids; batches at work and documents not sealed wait for a person. The
/// audit tells all of it. The caller holds the DataFolderLock.
Result<Restoration> open_new_generation(archive::Catalogue& catalogue, const std::string& backup_at,
                                        const Clock& clock);

}  // namespace mailroom::intake
