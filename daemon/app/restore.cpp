#include <unistd.h>

#include <sys/stat.h>

#include <cerrno>
#include <nlohmann/json.hpp>

#include "daemon/app/backup.h"
#include "daemon/app/backup_files.h"
#include "daemon/archive/content_store.h"
#include "daemon/archive/database_lock.h"
#include "daemon/base/durable_file.h"
#include "daemon/base/kill_point.h"

namespace mailroom::app {
namespace fs = std::filesystem;
namespace {

using nlohmann::json;

/// What a restore needs of backup.json.
struct Index {
  std::string at;
  fs::path state;
};

Result<Index> read_index(const BackupPlaces& places) {
  const auto place = Place::in_file(places.index().string());
  const auto bytes = read_file(places.index());
  if (!bytes)
    return fail(bytes.error().code, "this is no finished backup", place, "give the folder of a backup");
  const json index = json::parse(*bytes, nullptr, false);
  const auto is_text = [&](const json& object, const char* name) {
    return object.contains(name) && object[name].is_string();
  };
  if (!index.is_object() || !index.contains("version") || !is_text(index, "at") || !is_text(index, "state") ||
      !index.contains("catalogue") || !is_text(index["catalogue"], "sha256")) {
    return fail(Errc::corrupt, "the index of the backup is damaged", place, "take an older backup");
  }
  if (index["version"] != kBackupVersion) {
    return fail(Errc::unsupported, "the backup was made by another version", place,
                "install that version to restore it");
  }
  const std::string state = index["state"];
  if (state.find('/') != std::string::npos)
    return fail(Errc::corrupt, "the index of the backup is damaged", place);
  Index read{index["at"], places.root / state};
  MAILROOM_TRY(const std::string digest, digest_of_file(read.state / "catalogue.db"));
  if (digest != index["catalogue"]["sha256"]) {
    return fail(Errc::corrupt, "the catalogue of the backup is not the one that was backed up",
                Place::in_file((read.state / "catalogue.db").string()), "take an older backup");
  }
  return read;
}

Result<void> remove_database(const fs::path& file) {
  for (const char* part : {"-wal", "-shm", ""}) MAILROOM_TRY_VOID(remove_durably(file.string() + part));
  return {};
}

/// Marks the folder as half restored, so that no daemon starts on it. With the mark there no daemon has
/// worked on what an interrupted restore left: it is begun anew.
Result<void> begin(const Folders& folders) {
  if (fs::exists(restore_mark(folders))) return remove_database(folders.catalogue());
  if (fs::exists(folders.catalogue())) {
    return fail(Errc::conflict, "this data folder has a catalogue already",
                Place::in_file(folders.data.string()), "move it away, or give another --data");
  }
  return write_durably(restore_mark(folders), as_bytes("\n"));
}

Result<void> bring_back(const Folders& folders, const BackupPlaces& places, const NamedFiles& named,
                        RestoreReport& report, const Progress& progress) {
  MAILROOM_TRY(auto to, archive::ContentStore::open(folders.content()));
  const intake::Spool spool_from(places.spool());
  const intake::Spool spool_to(folders.spool());
  MAILROOM_TRY_VOID(spool_to.settle());
  FoundFolders found;  // by an earlier, killed run
  const auto all = std::int64_t(named.contents.size() + named.sides.size());
  for (const auto& digest : named.contents) {
    progress(++report.contents, all);
    const auto bytes = content_in(places.content(), digest);
    if (!bytes) {
      report.missing.push_back("content " + digest);
      continue;
    }
    MAILROOM_TRY_VOID(to.put(*bytes));
    kill_point("restore.content_copied");
  }
  for (const auto& side : named.sides) {
    progress(report.contents + ++report.sides, all);
    if (spool_to.read(side.entry, side.sha256)) {
      found.add(spool_to.folder_of(side.entry.batch));
      continue;
    }
    const auto bytes = spool_from.read(side.entry, side.sha256);
    if (!bytes) {
      report.missing.push_back("side " + side.entry.batch + "/" + intake::Spool::file_name(side.entry));
      continue;
    }
    MAILROOM_TRY_VOID(spool_to.store(side.entry, *bytes));
  }
  return found.sync();
}

/// Root restores for the daemon's user, who owns the data folder of an installation.
Result<void> give_to_owner(const Folders& folders) {
  struct stat status {};
  if (::geteuid() != 0 || ::stat(folders.data.c_str(), &status) != 0 || status.st_uid == 0) return {};
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(folders.data, error)) {
    if (::lchown(entry.path().c_str(), status.st_uid, status.st_gid) != 0)
      return fail_errno("cannot give the file to the daemon's user", errno,
                        Place::in_file(entry.path().string()));
  }
  if (error)
    return fail_errno("cannot read the folder", error.value(), Place::in_file(folders.data.string()));
  return {};
}

/// The catalogue under another name, with its files read out, made fit for work.
Result<NamedFiles> prepare_catalogue(const fs::path& backed_up, const fs::path& draft) {
  MAILROOM_TRY_VOID(remove_database(draft));
  MAILROOM_TRY_VOID(copy_file_durably(backed_up, draft));
  MAILROOM_TRY(auto catalogue, archive::Catalogue::open(draft));
  return files_named_by(catalogue);
}

}  // namespace

Result<RestoreReport> restore_backup(const Folders& folders, const fs::path& source, const Clock& clock,
                                     const Progress& progress) {
  const BackupPlaces places{source};
  RestoreReport report;
  MAILROOM_TRY(const Index index, read_index(places));
  report.at = index.at;
  MAILROOM_TRY_VOID(create_folder_durably(folders.data));
  MAILROOM_TRY_VOID(sync_folder(folders.data.parent_path()));
  MAILROOM_TRY(const auto lock, archive::DataFolderLock::take(folders.data));
  MAILROOM_TRY_VOID(begin(folders));
  const fs::path draft = folders.data / "catalogue.restoring.db";
  MAILROOM_TRY(const NamedFiles named, prepare_catalogue(index.state / "catalogue.db", draft));
  MAILROOM_TRY_VOID(create_folder_durably(folders.spool()));
  MAILROOM_TRY_VOID(bring_back(folders, places, named, report, progress));
  MAILROOM_TRY_VOID(copy_folder(index.state / "identities", folders.identities()));
  report.configuration = !fs::exists(folders.config / "mailroom.toml");
  if (report.configuration) MAILROOM_TRY_VOID(copy_folder(index.state / "config", folders.config));
  {
    MAILROOM_TRY(auto catalogue, archive::Catalogue::open(draft));
    MAILROOM_TRY(report.restoration, intake::open_new_generation(catalogue, index.at, clock));
  }
  kill_point("restore.before_rename");
  MAILROOM_TRY_VOID(rename_durably(draft, folders.catalogue()));
  kill_point("restore.after_rename");
  MAILROOM_TRY_VOID(give_to_owner(folders));
  MAILROOM_TRY_VOID(remove_durably(restore_mark(folders)));
  return report;
}

}  // namespace mailroom::app
