#include "tests/drivers/card/private_pcscd.h"

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "daemon/base/unique_fd.h"

namespace mailroom::test {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr const char* kRuntime = "/run/pcscd";
constexpr const char* kDriver = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";

fs::path pcscd_program() {
  for (const char* place : {"/usr/sbin/pcscd", "/usr/bin/pcscd"}) {
    if (fs::exists(place)) return place;
  }
  return {};
}

void write(const fs::path& file, const std::string& text) { std::ofstream(file) << text; }

/// Root at once, or as the root of a user namespace.
bool separate() {
  if (::unshare(CLONE_NEWNET | CLONE_NEWNS) == 0) return true;
  const auto user = ::getuid(), group = ::getgid();
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS) != 0) return false;
  write("/proc/self/setgroups", "deny");
  write("/proc/self/uid_map", "0 " + std::to_string(user) + " 1");
  write("/proc/self/gid_map", "0 " + std::to_string(group) + " 1");
  return true;
}

bool raise_loopback() {
  const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  return ::ioctl(socket.get(), SIOCSIFFLAGS, &request) == 0;
}

bool hide_runtime(const fs::path& folder) {
  ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
  std::error_code ignored;
  fs::create_directories(kRuntime, ignored);
  return ::mount(folder.c_str(), kRuntime, nullptr, MS_BIND, nullptr) == 0;
}

std::string reader_configuration() {
  return std::string("FRIENDLYNAME \"Virtual PCD\"\nDEVICENAME /dev/null:0x8C7B\nLIBPATH ") + kDriver +
         "\nCHANNELID 0x8C7B\n";
}

}  // namespace

PrivatePcscd::PrivatePcscd(const std::string& more) {
  if (pcscd_program().empty() || !fs::exists(kDriver)) {
    missing_ = "pcscd or vsmartcard-vpcd is not installed";
    return;
  }
  const fs::path runtime = folder_.path() / "run";
  fs::create_directories(runtime);
  write(folder_.path() / "reader.conf", reader_configuration() + more);
  if (!separate() || !raise_loopback() || !hide_runtime(runtime)) {
    missing_ = "this machine gives no network and mount namespace";
    return;
  }
  start();
}

PrivatePcscd::~PrivatePcscd() {
  stop();
  ::umount2(kRuntime, MNT_DETACH);
}

void PrivatePcscd::start() {
  auto child = ChildProcess::start({pcscd_program(), {"--foreground", "--error", "-c", (folder_.path() / "reader.conf").string()}});
  if (!child) throw std::runtime_error("pcscd cannot be started");
  daemon_ = *std::move(child);
  for (int i = 0; i < 500 && !fs::exists(std::string(kRuntime) + "/pcscd.comm"); ++i) std::this_thread::sleep_for(10ms);
}

void PrivatePcscd::stop() {
  if (!daemon_.running()) return;
  daemon_.terminate();
  daemon_.wait(3s);
  daemon_.kill();
  std::error_code ignored;
  for (const char* file : {"/run/pcscd/pcscd.comm", "/run/pcscd/pcscd.pid"}) fs::remove(file, ignored);
}

}  // namespace mailroom::test
