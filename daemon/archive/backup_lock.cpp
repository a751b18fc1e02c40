#include "daemon/archive/backup_lock.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>

namespace mailroom::archive {

Result<BackupLock> BackupLock::take(const std::filesystem::path& folder) {
  const auto file = folder / "backup.lock";
  const auto place = Place::in_file(file.string());
  // Read-only is enough, and root may have made it before the daemon's own user.
  UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
  if (!fd.valid()) return fail_errno("cannot open the lock of backups", errno, place);
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) return BackupLock(std::move(fd));
  if (errno != EWOULDBLOCK) return fail_errno("cannot lock against backups", errno, place);
  return fail(Errc::busy, "a backup or an erasure is at work", place, "try again when it is done");
}

}  // namespace mailroom::archive
