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
/// Failures?"). `mode` is what the file gets when it is new (less the umask). Reentrant, but not for
/// two writers of one path.
Result<void> write_durably(const std::filesystem::path& path, ByteView bytes, unsigned mode = 0640);

/// The two halves of write_durably(), for those who need the bytes durable under another name
/// first: write_synced() writes and fsyncs a file whose name may still be lost, rename_durably()
/// gives it its name and fsyncs the folder of `to`; if that fails `from` is gone. Both paths lie on one file
/// system.
Result<void> write_synced(const std::filesystem::path& path, ByteView bytes, unsigned mode = 0640);
Result<void> rename_durably(const std::filesystem::path& from, const std::filesystem::path& to);

/// Makes the names in `folder` durable.
Result<void> sync_folder(const std::filesystem::path& folder);

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
