#include "ocr/worker/sandbox/confine.h"

#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <memory>

#include "daemon/base/unique_fd.h"
#include "ocr/worker/sandbox/file_shelf.h"

namespace mailroom::ocr {
namespace {

constexpr rlim_t kDescriptors = 16;

constexpr std::array kAllowed = {SCMP_SYS(brk),
                                 SCMP_SYS(munmap),
                                 SCMP_SYS(mremap),
                                 SCMP_SYS(madvise),
                                 SCMP_SYS(futex),
                                 SCMP_SYS(sched_yield),
                                 SCMP_SYS(sched_getaffinity),
                                 SCMP_SYS(rseq),
                                 SCMP_SYS(read),
                                 SCMP_SYS(readv),
                                 SCMP_SYS(pread64),
                                 SCMP_SYS(write),
                                 SCMP_SYS(writev),
                                 SCMP_SYS(lseek),
                                 SCMP_SYS(close),
                                 SCMP_SYS(fcntl),
                                 SCMP_SYS(fstat),
                                 SCMP_SYS(newfstatat),
                                 SCMP_SYS(dup),
                                 SCMP_SYS(poll),
                                 SCMP_SYS(ppoll),
                                 SCMP_SYS(recvmsg),
                                 SCMP_SYS(recvfrom),
                                 SCMP_SYS(sendmsg),
                                 SCMP_SYS(clock_gettime),
                                 SCMP_SYS(clock_getres),
                                 SCMP_SYS(gettimeofday),
                                 SCMP_SYS(time),
                                 SCMP_SYS(nanosleep),
                                 SCMP_SYS(clock_nanosleep),
                                 SCMP_SYS(getrusage),
                                 SCMP_SYS(times),
                                 SCMP_SYS(getpid),
                                 SCMP_SYS(gettid),
                                 SCMP_SYS(tgkill),
                                 SCMP_SYS(sysinfo),
                                 SCMP_SYS(uname),
                                 SCMP_SYS(getrandom),
                                 SCMP_SYS(rt_sigprocmask),
                                 SCMP_SYS(rt_sigreturn),
                                 SCMP_SYS(sigaltstack),
                                 SCMP_SYS(restart_syscall),
                                 SCMP_SYS(exit),
                                 SCMP_SYS(exit_group)};

constexpr std::array kFatal = {SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(ptrace),
                               SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev)};

Result<void> limit_memory(std::size_t memory_mib) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  static_cast<void>(memory_mib);
  return {};
#else
  std::size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  if (pages == 0)
    return fail(Errc::unsupported, "the page worker cannot tell its own size", {}, "mount /proc");
  const rlim_t most = pages * std::size_t(::sysconf(_SC_PAGESIZE)) + (memory_mib << 20U);
  const rlimit limit{most, most};
  if (::setrlimit(RLIMIT_AS, &limit) != 0)
    return fail_errno("cannot limit the memory of the page worker", errno);
  return {};
#endif
}

/// The rights to files that a kernel of this Landlock version knows (landlock(7), "Filesystem flags").
std::uint64_t rights_known_to(long version) {
  constexpr std::uint64_t kFirst = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1U) - 1U;
  constexpr std::uint64_t kRefer = kFirst + 1U;      // version 2
  constexpr std::uint64_t kTruncate = kRefer << 1U;  // version 3
  return kFirst | (version >= 2 ? kRefer : 0) | (version >= 3 ? kTruncate : 0);
}

/// Denies every path. A kernel without Landlock is no error: the filter denies them too.
Result<void> shut_paths() {
  const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version < 1) return {};
  landlock_ruleset_attr rules{};
  rules.handled_access_fs = rights_known_to(version);
  const long set = ::syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0);
  if (set < 0) return fail_errno("cannot make the Landlock rules of the page worker", errno);
  const long shut = ::syscall(SYS_landlock_restrict_self, set, 0);
  const int why = errno;
  ::close(int(set));
  if (shut != 0) return fail_errno("cannot apply the Landlock rules of the page worker", why);
  return {};
}

using Filter = std::unique_ptr<void, decltype(&seccomp_release)>;

/// Memory may be taken, but never be made executable.
int allow_memory(void* filter) {
  int failed = 0;
  for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mprotect)}) {
    failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
  }
  return failed;
}

/// Memory files are beyond the limit of the address space: few of them, and none larger than it.
Result<void> limit_files(std::size_t memory_mib) {
  // The file shelf holds many already: so many more than the next one's number.
  const UniqueFd next(::memfd_create("next", MFD_CLOEXEC));
  if (!next.valid()) return fail_errno("cannot make memory files in the page worker", errno);
  const rlim_t descriptors = rlim_t(next.get()) + kDescriptors;
  const rlimit size{memory_mib << 20U, memory_mib << 20U}, count{descriptors, descriptors};
  if (::setrlimit(RLIMIT_FSIZE, &size) != 0 || ::setrlimit(RLIMIT_NOFILE, &count) != 0)
    return fail_errno("cannot limit the memory files of the page worker", errno);
  return {};
}

Result<void> shut_calls(Answers answers) {
  const Filter filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)), seccomp_release);
  if (!filter) return fail(Errc::unsupported, "cannot make the seccomp filter of the page worker");
  int failed = 0;
  for (const int call : kAllowed) failed |= seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 0);
  for (const int call : kFatal) failed |= seccomp_rule_add(filter.get(), SCMP_ACT_KILL_PROCESS, call, 0);
  failed |= seccomp_rule_add(filter.get(), SCMP_ACT_TRAP, SCMP_SYS(openat), 0);
#if defined(__x86_64__)
  failed |= seccomp_rule_add(filter.get(), SCMP_ACT_TRAP, SCMP_SYS(open), 0);
#endif
  failed |= allow_memory(filter.get());
  if (answers == Answers::large)
    failed |= seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(memfd_create), 0);
  if (failed != 0) return fail(Errc::unsupported, "cannot fill the seccomp filter of the page worker");
  if (const int wrong = seccomp_load(filter.get()); wrong != 0) {
    return fail(Errc::unsupported, "the kernel refuses the seccomp filter of the page worker", {},
                "use a kernel and a container profile that allow seccomp filters");
  }
  return {};
}

}  // namespace

Result<void> confine(std::size_t memory_mib, Answers answers) {
  file_shelf::answer_opens();
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  if (::prctl(PR_SET_DUMPABLE, 0) != 0 || ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return fail_errno("the page worker cannot give up its rights", errno);
  }
  MAILROOM_TRY_VOID(limit_memory(memory_mib));
  MAILROOM_TRY_VOID(shut_paths());
  if (answers == Answers::large) MAILROOM_TRY_VOID(limit_files(memory_mib));
  return shut_calls(answers);
}

}  // namespace mailroom::ocr
