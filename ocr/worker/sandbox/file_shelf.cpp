#include "ocr/worker/sandbox/file_shelf.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace mailroom::ocr::file_shelf {
namespace {

struct Item {
  std::string path;
  int fd = -1;
};

/// Filled once, then read by the signal handler only.
std::vector<Item>& shelf() {
  static std::vector<Item> items;
  return items;
}
const Item* first_item = nullptr;
std::size_t item_count = 0;

constexpr std::size_t kSpareDescriptors = 64;

void allow_descriptors(std::size_t count) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur =
      std::min<rlim_t>(limit.rlim_max, std::max<rlim_t>(limit.rlim_cur, count + kSpareDescriptors));
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

/// Async-signal-safe.
long open_from_shelf(const char* path, int flags) {
  if (path == nullptr || (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC)) != 0)
    return -EACCES;
  const Item* const end = first_item + item_count;
  const Item* const found = std::lower_bound(first_item, end, path, [](const Item& item, const char* name) {
    return std::strcmp(item.path.c_str(), name) < 0;
  });
  if (found == end || std::strcmp(found->path.c_str(), path) != 0) return -EACCES;
  ::lseek(found->fd, 0, SEEK_SET);  // a copy shares its place in the file; readers take turns
  const int copy = ::fcntl(found->fd, F_DUPFD_CLOEXEC, 0);
  return copy < 0 ? -EMFILE : copy;
}

#if defined(__x86_64__)
void on_trap(int, siginfo_t* info, void* context) {
  auto* registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
  const bool relative = info->si_syscall == SYS_openat;
  const auto* path = reinterpret_cast<const char*>(relative ? registers[REG_RSI] : registers[REG_RDI]);
  const auto flags = int(relative ? registers[REG_RDX] : registers[REG_RSI]);
  const int saved = errno;
  registers[REG_RAX] = open_from_shelf(path, flags);
  errno = saved;
}
#elif defined(__aarch64__)
void on_trap(int, siginfo_t*, void* context) {
  auto* registers = static_cast<ucontext_t*>(context)->uc_mcontext.regs;
  const int saved = errno;
  const long answer = open_from_shelf(reinterpret_cast<const char*>(registers[1]), int(registers[2]));
  registers[0] = static_cast<unsigned long long>(answer);
  errno = saved;
}
#else
#error "the page worker's sandbox knows x86-64 and arm64 only"
#endif

}  // namespace

std::size_t fill(std::vector<std::string> files) {
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  allow_descriptors(files.size());
  for (const auto& file : files) {
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd >= 0) shelf().push_back({file, fd});
  }
  first_item = shelf().data();
  item_count = shelf().size();
  return item_count;
}

void answer_opens() {
  struct sigaction action {};
  action.sa_sigaction = on_trap;
  action.sa_flags = SA_SIGINFO | SA_NODEFER;
  if (::sigaction(SIGSYS, &action, nullptr) != 0)
    throw std::runtime_error("cannot install the handler of opens");
}

}  // namespace mailroom::ocr::file_shelf
