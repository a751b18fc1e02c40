#pragma once

#include <filesystem>
#include <stdexcept>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"

namespace mailroom {

/// Makes `bytes` durable under `path`: temporary file beside it, fsync, rename, fsync of the
/// folder. When this returns success the file survives a power cut whole; on failure `path` is
/// untouched. A failed fsync throws FsyncFailed: the page cache can no longer be trusted, so the
/// process must exit and verify on restart (ATC'20 "Can Applications Recover from fsync
/// Failures?"). Reentrant.
Result<void> write_durably(const std::filesystem::path& path, ByteView bytes);

/// Creates a folder and its missing parents, each made durable in its parent.
Result<void> create_folder_durably(const std::filesystem::path& path);

/// Removes a file and makes the removal durable. A file that is already gone is success.
Result<void> remove_durably(const std::filesystem::path& path);

/// Reads a whole file; `limit` bytes at most, more is Errc::refused.
Result<Bytes> read_file(const std::filesystem::path& path, std::size_t limit = 1U << 30U);

/// Thrown after a failed fsync; nobody catches it but main().
class FsyncFailed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace mailroom
