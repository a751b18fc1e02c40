#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "daemon/app/folders.h"
#include "daemon/base/clock.h"
#include "daemon/base/result.h"
#include "daemon/intake/restoration.h"

/// Backups as docs/formats/backup.md defines them. All functions block for as long as the copying
/// takes and are called outside the daemon.
namespace mailroom::app {

/// The copy of the catalogue that a backup is made from.
struct Snapshot {
  std::filesystem::path catalogue;
  std::string site;
  std::string at;  ///< RFC 3339
};

struct BackupReport {
  std::string at;
  std::int64_t contents = 0;  ///< named by the backup
  std::int64_t sides = 0;
  std::int64_t copied = 0;   ///< files that were new
  std::int64_t removed = 0;  ///< files that it no longer names
  std::vector<std::string> damaged;
};

/// What the work is at: files done, of how many.
using Progress = std::function<void(std::int64_t done, std::int64_t of)>;

/// Makes `target` a backup of `folders` as of `snapshot`, or brings it up to date. The caller holds
/// the BackupLock since before the snapshot. Errc::refused for a folder that is not empty and no
/// backup of this site; damaged sources are in the report, they do not end it.
Result<BackupReport> write_backup(const Folders& folders, const Snapshot& snapshot,
                                  const std::filesystem::path& target, const Progress& progress);

struct RestoreReport {
  std::string at;  ///< of the backup
  std::int64_t contents = 0;
  std::int64_t sides = 0;
  bool configuration = false;        ///< restored too; false when there was one
  std::vector<std::string> missing;  ///< named by the backup, but not intact in it
  intake::Restoration restoration;
};

/// Fills an empty data folder from a backup and opens a new generation. Errc::conflict when the
/// data folder has a catalogue, Errc::corrupt when the backup's catalogue is damaged. May be run again
/// after it was interrupted.
Result<RestoreReport> restore_backup(const Folders& folders, const std::filesystem::path& source,
                                     const Clock& clock, const Progress& progress);

}  // namespace mailroom::app
