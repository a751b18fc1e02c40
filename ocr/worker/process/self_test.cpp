#include "ocr/worker/process/self_test.h"

#ifdef MAILROOM_FAULTS

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

#include "daemon/base/frame_channel.h"

namespace mailroom::ocr {
namespace {

constexpr std::string_view kMark = "mailroom-fault:";
constexpr std::size_t kMarkWithin = 256;

Error outcome(int result) {
  if (result < 0 && (errno == EACCES || errno == EPERM)) return {Errc::refused, std::strerror(errno)};
  return {Errc::illegal_state, "the sandbox let a forbidden call pass"};
}

[[noreturn]] void hang() {
  for (;;) ::usleep(100'000);
}

Error take_all_memory() {
  std::vector<std::unique_ptr<char[]>> taken;
  try {
    for (int i = 0; i < 1'000'000; ++i) taken.push_back(std::make_unique<char[]>(std::size_t{1} << 20U));
  } catch (const std::bad_alloc&) {
    return {Errc::refused, "the page needs more memory than a page may have"};
  }
  return {Errc::illegal_state, "there is no memory limit"};
}

/// Bytes that are no frame, where the daemon expects an answer.
Error talk_garbage() {
  const std::vector<char> garbage(4096, '\xA5');
  return outcome(int(::write(kHelperChannelFd, garbage.data(), garbage.size())));
}

Error run_program() {
  const char* const arguments[] = {"/bin/true", nullptr};
  return outcome(::execv(arguments[0], const_cast<char* const*>(arguments)));
}

}  // namespace

std::optional<Error> self_test(ByteView file) {
  const auto head = as_text(file.first(std::min(file.size(), kMarkWithin)));
  const auto at = head.find(kMark);
  if (at == std::string_view::npos) return std::nullopt;
  const auto asked = [&](std::string_view name) { return head.substr(at + kMark.size()).starts_with(name); };
  if (asked("hang")) hang();
  if (asked("crash")) ::raise(SIGKILL);
  if (asked("exit")) ::_exit(7);
  if (asked("memory")) return take_all_memory();
  if (asked("garbage")) return talk_garbage();
  if (asked("open_file")) return outcome(::open("/etc/passwd", O_RDONLY | O_CLOEXEC));
  if (asked("create_file"))
    return outcome(::open("/tmp/mailroom-page-was-here", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  if (asked("socket")) return outcome(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (asked("exec")) return run_program();
  return std::nullopt;
}

}  // namespace mailroom::ocr

#endif
