#include "daemon/intake/spool.h"

#include <algorithm>
#include <cstdio>

#include "daemon/base/durable_file.h"
#include "daemon/base/kill_point.h"
#include "daemon/crypto/digest.h"

namespace mailroom::intake {
namespace fs = std::filesystem;
namespace {

constexpr const char* kUntaken = "untaken";

tl::unexpected<Error> fail_on(const fs::path& path, const std::error_code& error) {
  return fail_errno("the spool cannot be worked on", error.value(), Place::in_file(path.string()));
}

bool is_half_written(const std::string& name) {
  return name.ends_with(".part");
}

Result<std::vector<fs::path>> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  if (error == std::errc::no_such_file_or_directory) return files;
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    if (entries->is_regular_file()) files.push_back(entries->path());
  }
  if (error) return fail_on(folder, error);
  std::sort(files.begin(), files.end());
  return files;
}

Result<std::vector<std::string>> names_in(const fs::path& folder) {
  MAILROOM_TRY(const auto files, files_in(folder));
  std::vector<std::string> names;
  for (const fs::path& file : files) names.push_back(file.filename().string());
  return names;
}

Result<UntakenFile> move_aside(const fs::path& file, const fs::path& target_folder) {
  MAILROOM_TRY(const Bytes bytes, read_file(file));
  MAILROOM_TRY_VOID(create_folder_durably(target_folder));
  UntakenFile moved{file.filename().string(), sha256_hex(bytes)};
  // The digest in the name keeps two aborted tries of the same sheet apart.
  MAILROOM_TRY_VOID(write_durably(target_folder / (moved.sha256.substr(0, 12) + "-" + moved.name), bytes));
  kill_point("spool.untaken_copied");
  MAILROOM_TRY_VOID(remove_durably(file));
  return moved;
}

}  // namespace

std::string Spool::file_name(const SpoolEntry& entry) {
  char number[16];
  std::snprintf(number, sizeof number, "%05d-", entry.sheet);
  return number + std::string(name_of(entry.side)) + std::string(suffix_of(entry.format));
}

fs::path Spool::path_of(const SpoolEntry& entry) const {
  return folder_ / entry.batch / file_name(entry);
}

Result<void> Spool::settle() const {
  MAILROOM_TRY_VOID(create_folder_durably(folder_));
  MAILROOM_TRY_VOID(sync_folder(folder_.parent_path()));
  return sync_folder(folder_);
}

Result<void> Spool::store(const SpoolEntry& entry, ByteView bytes) const {
  const fs::path path = path_of(entry);
  if (fs::exists(path)) {
    return fail(Errc::conflict, "this side is in the spool already", Place::in_file(path.string()),
                "close the batch and scan the rest as a new one");
  }
  MAILROOM_TRY_VOID(create_folder_durably(path.parent_path()));
  kill_point("spool.before_write");
  MAILROOM_TRY_VOID(write_durably(path, bytes));
  kill_point("spool.after_write");
  return {};
}

Result<Bytes> Spool::read(const SpoolEntry& entry, const std::string& sha256) const {
  const fs::path path = path_of(entry);
  MAILROOM_TRY(Bytes bytes, read_file(path));
  if (sha256_hex(bytes) != sha256) {
    return fail(Errc::corrupt, "a captured side is not what was captured", Place::in_file(path.string()),
                "the disk or a person changed it: restore it from the backup or scan the sheet again");
  }
  return bytes;
}

Result<std::vector<UntakenFile>> Spool::set_aside_untaken(const std::string& batch,
                                                          const std::set<std::string>& taken) const {
  MAILROOM_TRY(const auto files, files_in(folder_ / batch));
  std::vector<UntakenFile> untaken;
  for (const fs::path& file : files) {
    const std::string name = file.filename().string();
    if (is_half_written(name)) {
      MAILROOM_TRY_VOID(remove_durably(file));
    } else if (!taken.contains(name)) {
      MAILROOM_TRY(UntakenFile moved, move_aside(file, folder_ / batch / kUntaken));
      untaken.push_back(std::move(moved));
    }
  }
  return untaken;
}

Result<void> Spool::remove_batch(const std::string& batch) const {
  std::error_code error;
  fs::remove_all(folder_ / batch, error);
  if (error) return fail_on(folder_ / batch, error);
  return {};
}

Result<SpoolFiles> Spool::files_of(const std::string& batch) const {
  SpoolFiles files;
  MAILROOM_TRY(files.own, names_in(folder_ / batch));
  MAILROOM_TRY(files.untaken, names_in(folder_ / batch / kUntaken));
  return files;
}

Result<std::vector<std::string>> Spool::batches() const {
  std::vector<std::string> ids;
  std::error_code error;
  fs::directory_iterator entries(folder_, error);
  if (error == std::errc::no_such_file_or_directory) return ids;
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    if (entries->is_directory()) ids.push_back(entries->path().filename().string());
  }
  if (error) return fail_on(folder_, error);
  return ids;
}

Result<std::uint64_t> Spool::free_mib() const {
  std::error_code error;
  const auto space = fs::space(folder_, error);
  if (error) return fail_on(folder_, error);
  return space.available >> 20U;
}

}  // namespace mailroom::intake
