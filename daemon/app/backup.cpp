#include "daemon/app/backup.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "daemon/app/backup_files.h"
#include "daemon/archive/content_store.h"
#include "daemon/base/durable_file.h"
#include "daemon/base/kill_point.h"
#include "daemon/base/uuid.h"

namespace mailroom::app {
namespace fs = std::filesystem;
namespace {

using nlohmann::json;

/// The folder is empty, or a backup of this site, or the beginning of one.
Result<void> claim(const BackupPlaces& places, const std::string& site) {
  const auto place = Place::in_file(places.root.string());
  MAILROOM_TRY_VOID(create_folder_durably(places.root));
  if (!fs::exists(places.index())) MAILROOM_TRY_VOID(sync_folder(places.root.parent_path()));
  const auto mark = read_file(places.mark());
  if (mark && as_text(*mark) == site + "\n") return {};
  std::error_code error;
  if (mark || !fs::is_empty(places.root, error)) {
    return fail(Errc::refused,
                mark ? "this is the backup of another site" : "this folder is not empty and no backup", place,
                "give an empty folder, or the one of the last backup");
  }
  return write_durably(places.mark(), as_bytes(site + "\n"));
}

/// Copies what a snapshot names, each file proven on the way.
class Copying {
 public:
  Copying(const Folders& folders, const BackupPlaces& places, archive::ContentStore to, BackupReport& report)
      : from_(folders.content()),
        to_(std::move(to)),
        spool_from_(folders.spool()),
        spool_to_(places.spool()),
        report_(report) {}

  /// The names that an earlier, killed run has made are durable from here on.
  Result<void> begin() const { return spool_to_.settle(); }
  Result<void> end() const { return found_.sync(); }

  Result<void> content(const std::string& digest) {
    // A content file has its digest as its name; its size shows that it came over whole.
    if (const auto there = to_.size(digest)) return found_content(to_.path_of(digest));
    const auto bytes = content_in(from_, digest);
    if (!bytes) return note(bytes.error(), "content " + digest);
    MAILROOM_TRY_VOID(to_.remove(digest));  // cut off, if it is there at all
    MAILROOM_TRY_VOID(to_.put(*bytes));
    ++report_.copied;
    return {};
  }

  Result<void> side(const NamedSide& side) {
    if (spool_to_.read(side.entry, side.sha256)) {
      found_.add(spool_to_.folder_of(side.entry.batch));
      return {};
    }
    const auto bytes = spool_from_.read(side.entry, side.sha256);
    if (!bytes)
      return note(bytes.error(), "side " + side.entry.batch + "/" + intake::Spool::file_name(side.entry));
    MAILROOM_TRY_VOID(remove_durably_if_there(spool_to_.path_of(side.entry)));
    MAILROOM_TRY_VOID(spool_to_.store(side.entry, *bytes));
    ++report_.copied;
    return {};
  }

 private:
  Result<void> found_content(const fs::path& file) {
    found_.add(file.parent_path());
    found_.add(file.parent_path().parent_path());
    found_.add(file.parent_path().parent_path().parent_path());
    return {};
  }
  static Result<void> remove_durably_if_there(const fs::path& file) {
    return fs::exists(file) ? remove_durably(file) : Result<void>();
  }

  /// Damage at the source is told and does not keep the rest from being backed up; anything else does.
  Result<void> note(const Error& error, const std::string& what) {
    if (error.code != Errc::corrupt && error.code != Errc::not_found) return fail(error);
    report_.damaged.push_back(what);
    return {};
  }

  fs::path from_;
  archive::ContentStore to_;
  intake::Spool spool_from_;
  intake::Spool spool_to_;
  FoundFolders found_;
  BackupReport& report_;
};

Result<void> copy_named(const Folders& folders, const BackupPlaces& places, const NamedFiles& named,
                        BackupReport& report, const Progress& progress) {
  MAILROOM_TRY(auto to, archive::ContentStore::open(places.content()));
  Copying copying(folders, places, std::move(to), report);
  const auto all = std::int64_t(named.contents.size() + named.sides.size());
  std::int64_t done = 0;
  MAILROOM_TRY_VOID(copying.begin());
  for (const auto& digest : named.contents) {
    MAILROOM_TRY_VOID(copying.content(digest));
    progress(++done, all);
    kill_point("backup.content_copied");
  }
  for (const auto& side : named.sides) {
    MAILROOM_TRY_VOID(copying.side(side));
    progress(++done, all);
  }
  return copying.end();
}

Result<void> write_index(const BackupPlaces& places, const Snapshot& snapshot, const std::string& state,
                         const NamedFiles& named, const BackupReport& report) {
  MAILROOM_TRY(const std::string digest, digest_of_file(places.root / state / "catalogue.db"));
  const json index = {{"version", kBackupVersion},
                      {"site", snapshot.site},
                      {"at", snapshot.at},
                      {"state", state},
                      {"catalogue", {{"sha256", digest}}},
                      {"audit", {{"seq", named.head.seq}, {"head", named.head.hash}}},
                      {"contents", report.contents},
                      {"sides", report.sides},
                      {"damaged", report.damaged}};
  kill_point("backup.before_index");
  MAILROOM_TRY_VOID(write_durably(places.index(), as_bytes(index.dump(2) + "\n")));
  kill_point("backup.after_index");
  return {};
}

/// Removes what the backup no longer names: erased and expired things, older states.
Result<void> prune(const BackupPlaces& places, const std::string& state, const NamedFiles& named,
                   BackupReport& report) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(places.root, error)) {
    const auto name = entry.path().filename().string();
    if (!name.starts_with("state-") || name == state) continue;
    fs::remove_all(entry.path(), error);
  }
  MAILROOM_TRY(auto contents, archive::ContentStore::open(places.content()));
  MAILROOM_TRY(const auto listing, contents.list());
  for (const auto& digest : listing.digests) {
    if (std::binary_search(named.contents.begin(), named.contents.end(), digest)) continue;
    MAILROOM_TRY_VOID(contents.remove(digest));
    ++report.removed;
  }
  const intake::Spool spool(places.spool());
  std::set<fs::path> wanted;
  for (const auto& side : named.sides) wanted.insert(spool.path_of(side.entry));
  std::vector<fs::path> unwanted;
  for (const auto& entry : fs::recursive_directory_iterator(places.spool(), error)) {
    if (entry.is_regular_file() && !wanted.contains(entry.path())) unwanted.push_back(entry.path());
  }
  for (const auto& file : unwanted) {
    MAILROOM_TRY_VOID(remove_durably(file));
    ++report.removed;
  }
  return sync_folder(places.root);
}

}  // namespace

Result<BackupReport> write_backup(const Folders& folders, const Snapshot& snapshot, const fs::path& target,
                                  const Progress& progress) {
  const BackupPlaces places{target};
  MAILROOM_TRY_VOID(claim(places, snapshot.site));
  const std::string state = "state-" + new_uuid(SystemClock());
  const fs::path folder = places.root / state;
  MAILROOM_TRY_VOID(create_folder_durably(folder));
  MAILROOM_TRY_VOID(create_folder_durably(places.spool()));
  MAILROOM_TRY_VOID(copy_file_durably(snapshot.catalogue, folder / "catalogue.db"));
  MAILROOM_TRY_VOID(copy_folder(folders.identities(), folder / "identities"));
  MAILROOM_TRY_VOID(copy_folder(folders.config, folder / "config"));
  NamedFiles named;
  {
    MAILROOM_TRY(auto catalogue, archive::Catalogue::open(folder / "catalogue.db"));
    MAILROOM_TRY(named, files_named_by(catalogue));
  }
  BackupReport report;
  report.at = snapshot.at;
  report.contents = std::int64_t(named.contents.size());
  report.sides = std::int64_t(named.sides.size());
  MAILROOM_TRY_VOID(copy_named(folders, places, named, report, progress));
  MAILROOM_TRY_VOID(write_index(places, snapshot, state, named, report));
  MAILROOM_TRY_VOID(prune(places, state, named, report));
  return report;
}

}  // namespace mailroom::app
