#include "daemon/intake/spool_removal.h"

#include "daemon/base/durable_file.h"
#include "daemon/base/kill_point.h"

namespace mailroom::intake {
namespace fs = std::filesystem;
namespace {

tl::unexpected<Error> fail_on(const fs::path& path, const std::error_code& error) {
  return fail_errno("the spool cannot be worked on", error.value(), Place::in_file(path.string()));
}

}  // namespace

Result<void> remove_working_copies(const Spool& spool, const std::string& batch) {
  const fs::path from = spool.folder_of(batch);
  const fs::path expired = spool.folder_of(kExpiredFolder);
  if (fs::exists(from)) {
    MAILROOM_TRY_VOID(create_folder_durably(expired));
    std::error_code error;
    fs::rename(from, expired / batch, error);
    if (error) return fail_on(from, error);
    MAILROOM_TRY_VOID(sync_folder(expired));
    MAILROOM_TRY_VOID(sync_folder(from.parent_path()));
    kill_point("expire.after_rename");
  }
  return finish_removals(spool);
}

Result<void> finish_removals(const Spool& spool) {
  if (!fs::exists(spool.folder_of(kExpiredFolder))) return {};
  MAILROOM_TRY_VOID(spool.remove_batch(kExpiredFolder));
  return sync_folder(spool.folder_of(kExpiredFolder).parent_path());
}

Result<void> remove_side(const Spool& spool, const SpoolEntry& entry) {
  const fs::path folder = spool.folder_of(entry.batch);
  if (!fs::exists(folder)) return {};
  MAILROOM_TRY_VOID(remove_durably(spool.path_of(entry)));
  const std::string sheet = "-" + Spool::file_name(entry).substr(0, 6);  // "-00017-"
  const fs::path untaken = folder / "untaken";
  std::vector<fs::path> aside;
  std::error_code error;
  for (fs::directory_iterator file(untaken, error); !error && file != fs::directory_iterator();
       file.increment(error)) {
    if (file->path().filename().string().find(sheet) != std::string::npos) aside.push_back(file->path());
  }
  if (error && error != std::errc::no_such_file_or_directory) return fail_on(untaken, error);
  for (const fs::path& file : aside) MAILROOM_TRY_VOID(remove_durably(file));
  return sync_folder(folder);
}

}  // namespace mailroom::intake
