#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "daemon/app/folders.h"
#include "daemon/archive/catalogue.h"
#include "daemon/intake/spool.h"

/// What backing up and restoring have in common (docs/formats/backup.md).
namespace mailroom::app {

inline constexpr int kBackupVersion = 1;

/// Where the daemon leaves a copy of the catalogue for a backup.
inline std::filesystem::path snapshot_in(const Folders& folders) {
  return folders.data / "backup" / "catalogue.db";
}

/// There while a restore is not finished.
inline std::filesystem::path restore_mark(const Folders& folders) {
  return folders.data / "restoring";
}

struct BackupPlaces {
  std::filesystem::path root;
  [[nodiscard]] std::filesystem::path mark() const { return root / "mailroom-backup"; }
  [[nodiscard]] std::filesystem::path index() const { return root / "backup.json"; }
  [[nodiscard]] std::filesystem::path content() const { return root / "content"; }
  [[nodiscard]] std::filesystem::path spool() const { return root / "spool"; }
};

/// One side that a catalogue names and that has its working copy.
struct NamedSide {
  intake::SpoolEntry entry;
  std::string sha256;
};

/// Everything a catalogue needs beside itself.
struct NamedFiles {
  std::vector<std::string> contents;  ///< digests, sorted
  std::vector<NamedSide> sides;
  archive::AuditHead head;
};

Result<NamedFiles> files_named_by(archive::Catalogue& catalogue);

/// Folders of files that were found where they should be put. An earlier, killed run may have made them
/// and not lived to sync their names. Thread-bound.
class FoundFolders {
 public:
  void add(const std::filesystem::path& folder) { folders_.insert(folder); }
  [[nodiscard]] Result<void> sync() const;

 private:
  std::set<std::filesystem::path> folders_;
};

/// Copies a folder's files, with the folders in it, keeping modes; each made durable.
Result<void> copy_folder(const std::filesystem::path& from, const std::filesystem::path& to);

/// Copies one file durably, keeping its mode.
Result<void> copy_file_durably(const std::filesystem::path& from, const std::filesystem::path& to);

/// The content with this digest in the store's folder, proven. For a store that somebody else works on:
/// opening it would clear what is being written there. Errors as of ContentStore::get().
Result<Bytes> content_in(const std::filesystem::path& folder, const std::string& sha256);

/// SHA-256 of a file of any size, lower-case hex.
Result<std::string> digest_of_file(const std::filesystem::path& file);

}  // namespace mailroom::app
