#include "daemon/archive/database_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>

namespace mailroom::archive {
namespace {

/// The process id in the lock file; empty when its owner is just writing it.
std::string owner_in(int fd) {
  char text[32] = {};
  const ssize_t got = ::pread(fd, text, sizeof text - 1, 0);
  std::string owner(text, std::size_t(std::max<ssize_t>(got, 0)));
  return owner.substr(0, owner.find_first_not_of("0123456789"));
}

}  // namespace

Result<DataFolderLock> DataFolderLock::take(const std::filesystem::path& folder) {
  const auto file = folder / "lock";
  const auto place = Place::in_file(file.string());
  UniqueFd fd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640));
  if (!fd.valid()) return fail_errno("cannot open the lock of the data folder", errno, place);
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return fail_errno("cannot lock the data folder", errno, place);
    const auto owner = owner_in(fd.get());
    return fail(Errc::busy,
                "the data folder is in use by process " + (owner.empty() ? "(just starting)" : owner), place,
                "stop that process, or start this one with another data folder");
  }
  const auto pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(fd.get(), 0) != 0 || ::pwrite(fd.get(), pid.data(), pid.size(), 0) != ssize_t(pid.size())) {
    return fail_errno("cannot write the lock of the data folder", errno, place);
  }
  return DataFolderLock(std::move(fd));
}

}  // namespace mailroom::archive
