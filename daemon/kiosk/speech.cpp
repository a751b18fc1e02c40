#include "daemon/kiosk/speech.h"

#include <sys/mman.h>
#include <unistd.h>

#include <filesystem>
#include <regex>

#include "daemon/base/child_process.h"
#include "daemon/base/unique_fd.h"

namespace mailroom::kiosk {
namespace {

constexpr const char* kProgram = "/usr/bin/espeak-ng";
constexpr std::chrono::seconds kAtMost{20};
constexpr off_t kLargest = off_t{32} << 20;

/// A file in memory under a name that a child of ours can open.
Result<UniqueFd> memory_file(const char* name) {
  UniqueFd file(::memfd_create(name, MFD_CLOEXEC));
  if (!file.valid()) return fail_errno("memory for speech", errno);
  return file;
}

std::string path_of(const UniqueFd& file) {
  return "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(file.get());
}

Result<void> write_all(const UniqueFd& file, const std::string& text) {
  if (::write(file.get(), text.data(), text.size()) != ssize_t(text.size()))
    return fail_errno("speech", errno);
  return {};
}

Result<Bytes> read_all(const UniqueFd& file) {
  const off_t size = ::lseek(file.get(), 0, SEEK_END);
  if (size <= 0 || size > kLargest) return fail(Errc::io, "the synthesiser said nothing");
  Bytes bytes(static_cast<std::size_t>(size));
  if (::pread(file.get(), bytes.data(), bytes.size(), 0) != ssize_t(bytes.size()))
    return fail_errno("speech", errno);
  return bytes;
}

}  // namespace

Result<Bytes> Speech::speak(const std::string& text, const std::string& language) const {
  static const std::regex kLanguage("[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*");
  const bool plain = language == "leicht";
  if (!plain && !std::regex_match(language, kLanguage)) return fail(Errc::unsupported, "this is no language");
  if (!std::filesystem::exists(kProgram))
    return fail(Errc::not_found, "there is no speech synthesiser", Place::in_file(kProgram),
                "install espeak-ng");
  MAILROOM_TRY(const auto words, memory_file("words"));
  MAILROOM_TRY(const auto sound, memory_file("sound"));
  MAILROOM_TRY_VOID(write_all(words, text));
  const std::vector<std::string> arguments = {
      "-v", plain ? "de" : language, "-s", plain ? "130" : "160", "-b", "1",
      "-f", path_of(words),          "-w", path_of(sound)};
  MAILROOM_TRY(auto child, ChildProcess::start({kProgram, arguments}));
  const auto ended = child.wait(kAtMost);
  if (!ended) return fail(Errc::timed_out, "the synthesiser did not end");
  if (ended->code != 0 || ended->signal != 0)
    return fail(Errc::unsupported, "the synthesiser does not speak this");
  return read_all(sound);
}

}  // namespace mailroom::kiosk
