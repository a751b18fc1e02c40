#pragma once

#include <sys/mount.h>

#include <iostream>
#include <string>

#include "tests/support/temporary_folder.h"

namespace mailroom::test {

/// A file system with `kib` KiB of room. Mounting needs rights; without them the test says so and
/// counts as skipped. Declare it before whatever keeps files open on it.
class TinyDisk {
 public:
  explicit TinyDisk(int kib) {
    const std::string options = "size=" + std::to_string(kib) + "k";
    mounted_ = ::mount("none", folder_.path().c_str(), "tmpfs", 0, options.c_str()) == 0;
    if (!mounted_) std::cout << "[skipped] no right to mount a tmpfs\n";
  }
  TinyDisk(const TinyDisk&) = delete;
  TinyDisk& operator=(const TinyDisk&) = delete;
  ~TinyDisk() {
    if (mounted_) ::umount2(folder_.path().c_str(), MNT_DETACH);
  }
  [[nodiscard]] bool mounted() const { return mounted_; }
  [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;
  bool mounted_ = false;
};

}  // namespace mailroom::test
