#pragma once

#include <fcntl.h>
#include <sys/file.h>

#include <filesystem>
#include <stdexcept>

#include "daemon/base/unique_fd.h"
#include "daemon/crypto/identity.h"
#include "tests/support/places.h"

namespace mailroom::test {

/// Certificates of the tests, made once for the build folder: making keys is slow. Every test case
/// is a process of its own, hence the lock.
inline const std::filesystem::path& identities() {
  static const std::filesystem::path path = [] {
    const auto folder = std::filesystem::path(build_path("tests")) / "room-identities";
    std::filesystem::create_directories(folder);
    const UniqueFd lock(::open((folder / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (::flock(lock.get(), LOCK_EX) != 0) throw std::runtime_error("the identities cannot be locked");
    const auto made =
        set_up_identities(folder, {"Stadt", "marburg", {}, "mailroomd", {"ecm", "payment", "hr", "sniffer"}});
    if (!made) throw std::runtime_error(made.error().message());
    return folder;
  }();
  return path;
}

}  // namespace mailroom::test
