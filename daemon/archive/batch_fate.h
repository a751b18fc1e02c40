#pragma once

#include <string>

#include "daemon/archive/database.h"
#include "daemon/base/clock.h"

/// What besides its state decides on the paper and the working copies of a batch: the tables
/// `originals_release` and `restored_batch`. Thread-bound to the database.
namespace mailroom::archive {

/// The time of the backup a batch was restored from while it was at work; empty for others.
Result<std::string> restored_at(Database& database, const std::string& batch);

/// Whether a person has released the paper of the batch; releasing gives false when one has already.
Result<bool> originals_released(Database& database, const std::string& batch);
Result<bool> release_originals(Database& database, const std::string& batch, const std::string& person,
                               Timestamp now);

/// Whether the paper of any batch was ever released here: then all of them wait for it.
Result<bool> originals_are_released_here(Database& database);

}  // namespace mailroom::archive
