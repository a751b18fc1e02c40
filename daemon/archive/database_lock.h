#pragma once

#include <filesystem>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"

namespace mailroom::archive {

/// The right to work on a data folder: an flock on its file `lock`, which holds the owner's
/// process id. Taken before anything in the folder is read. Ends with the object or the process,
/// however that dies. Move-only.
class DataFolderLock {
 public:
  /// Errc::busy names the process that holds it.
  static Result<DataFolderLock> take(const std::filesystem::path& folder);

 private:
  explicit DataFolderLock(UniqueFd fd) : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

}  // namespace mailroom::archive
