#pragma once

#include <filesystem>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"

namespace mailroom::archive {

/// While somebody holds this, nothing goes that a snapshot of the catalogue may name: no erasure, no
/// expiry. An flock on `backup.lock` in the data folder; ends with the object or the process.
/// Move-only.
class BackupLock {
 public:
  /// Errc::busy when it is held.
  static Result<BackupLock> take(const std::filesystem::path& folder);

 private:
  explicit BackupLock(UniqueFd fd) : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

}  // namespace mailroom::archive
