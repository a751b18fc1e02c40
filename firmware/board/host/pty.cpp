#include "firmware/board/host/pty.h"

#include <fcntl.h>
#include <stdlib.h>
#include <termios.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>

namespace mailroom::panel {
namespace {

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

Pty::Pty(std::string name)
    : name_(std::move(name)), ours_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)) {
  std::array<char, 128> path{};
  if (!ours_.valid() || ::grantpt(ours_.get()) != 0 || ::unlockpt(ours_.get()) != 0 ||
      ::ptsname_r(ours_.get(), path.data(), path.size()) != 0)
    fail("no pseudo-terminal");
  theirs_ = Descriptor(::open(path.data(), O_RDWR | O_NOCTTY | O_CLOEXEC));
  termios settings{};
  if (!theirs_.valid() || ::tcgetattr(theirs_.get(), &settings) != 0) fail(path.data());
  ::cfmakeraw(&settings);
  ::tcsetattr(theirs_.get(), TCSANOW, &settings);
  const std::string fresh = name_ + ".new";
  ::unlink(fresh.c_str());
  if (::symlink(path.data(), fresh.c_str()) != 0 || ::rename(fresh.c_str(), name_.c_str()) != 0) fail(name_);
}

Pty::~Pty() {
  ::unlink(name_.c_str());
}

std::vector<std::uint8_t> Pty::read() {
  std::vector<std::uint8_t> bytes(4096);
  const ssize_t got = ::read(ours_.get(), bytes.data(), bytes.size());
  bytes.resize(got > 0 ? std::size_t(got) : 0);
  return bytes;
}

void Pty::write(std::span<const std::uint8_t> bytes) {
  [[maybe_unused]] const ssize_t put = ::write(ours_.get(), bytes.data(), bytes.size());
}

}  // namespace mailroom::panel
