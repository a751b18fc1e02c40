#include "daemon/intake/hot_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <set>

#include "daemon/base/durable_file.h"
#include "daemon/base/kill_point.h"
#include "daemon/base/log.h"
#include "daemon/base/unique_fd.h"
#include "daemon/crypto/digest.h"
#include "daemon/intake/batch_flow.h"
#include "daemon/intake/received_format.h"

namespace mailroom::intake {
namespace fs = std::filesystem;
namespace {

constexpr const char* kReasonSuffix = ".reason.txt";

/// Names that programs give to what they have not finished.
bool is_unfinished(const std::string& name) {
  for (const char* suffix : {".part", ".tmp", ".filepart", ".crdownload", "~"}) {
    if (name.ends_with(suffix)) return true;
  }
  return name.starts_with(".");
}

tl::unexpected<Error> fail_on(const fs::path& path, int number) {
  return fail_errno("the folder for files cannot be worked on", number, Place::in_file(path.string()));
}

/// A plain file and its bytes; a link is never followed, whoever may write there.
struct OpenFile {
  struct stat facts {};
  Bytes bytes;
};

Result<UniqueFd> open_plain(const fs::path& path, struct stat& facts) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!fd.valid() && errno == ELOOP) return fail(Errc::refused, "this is a link, not a file");
  if (!fd.valid()) return fail_on(path, errno);
  if (::fstat(fd.get(), &facts) != 0) return fail_on(path, errno);
  if (!S_ISREG(facts.st_mode)) return fail(Errc::refused, "this is no plain file");
  if (std::uintmax_t(facts.st_size) > kReceivedAtMost) return fail(Errc::refused, "the file is larger than 64 MiB");
  return fd;
}

Result<OpenFile> read_plain(const fs::path& path) {
  OpenFile file;
  MAILROOM_TRY(const UniqueFd fd, open_plain(path, file.facts));
  file.bytes.resize(std::size_t(file.facts.st_size));
  std::size_t done = 0;
  while (done < file.bytes.size()) {
    const auto count = ::read(fd.get(), file.bytes.data() + done, file.bytes.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_on(path, errno);
    if (count == 0) break;
    done += std::size_t(count);
  }
  file.bytes.resize(done);
  if (::fstat(fd.get(), &file.facts) != 0) return fail_on(path, errno);
  return file;
}

std::int64_t changed_ns(const struct stat& facts) {
  return std::int64_t(facts.st_mtim.tv_sec) * 1'000'000'000 + facts.st_mtim.tv_nsec;
}

/// A name that is free in `folder`.
fs::path free_name(const fs::path& folder, const std::string& name) {
  fs::path path = folder / name;
  for (int number = 2; fs::exists(fs::symlink_status(path)); ++number)
    path = folder / (std::to_string(number) + "-" + name);
  return path;
}

Result<void> move_to(const fs::path& file, const fs::path& target) {
  std::error_code error;
  fs::rename(file, target, error);
  if (error) return fail_on(file, error.value());
  MAILROOM_TRY_VOID(sync_folder(target.parent_path()));
  return sync_folder(file.parent_path());
}

Result<std::vector<fs::path>> entries_of(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    if (!fs::is_directory(entries->symlink_status())) files.push_back(entries->path());
  }
  if (error) return fail_on(folder, error.value());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

void HotFolder::look() {
  const auto looked = look_around();
  const std::string fault = looked ? "" : looked.error().message();
  const std::scoped_lock lock(mutex_);
  if (!fault.empty() && fault != fault_) log::warning("hot folder " + settings_.id + ": " + fault);
  fault_ = fault;
}

std::string HotFolder::fault() const {
  const std::scoped_lock lock(mutex_);
  return fault_;
}

Result<void> HotFolder::look_around() {
  MAILROOM_TRY_VOID(create_folder_durably(taken_folder()));
  MAILROOM_TRY_VOID(create_folder_durably(refused_folder()));
  MAILROOM_TRY(const auto files, entries_of(settings_.path));
  std::set<std::string> there;
  std::optional<Error> first;
  for (const auto& file : files) {
    const std::string name = file.filename().string();
    if (is_unfinished(name)) continue;
    there.insert(name);
    const auto looked = look_at(file);
    if (!looked && !first) first = looked.error();
  }
  std::erase_if(seen_, [&](const auto& known) { return !there.contains(known.first); });
  if (first) return fail(*first);
  return {};
}

Result<void> HotFolder::look_at(const fs::path& file) {
  struct stat facts {};
  if (const auto fd = open_plain(file, facts); !fd) {
    if (fd.error().code != Errc::refused) return fail(fd.error());
    return refuse(file, fd.error().message());
  }
  const auto now = clock_.now();
  Seen& seen = seen_[file.filename().string()];
  const Seen found{std::uintmax_t(facts.st_size), changed_ns(facts), now};
  if (seen.since == Timestamp{} || seen.size != found.size || seen.changed_ns != found.changed_ns ||
      now < seen.since) {
    seen = found;
    return {};
  }
  if (now - seen.since < std::chrono::seconds(settings_.settle_seconds)) return {};
  MAILROOM_TRY(const auto read, read_plain(file));
  if (read.bytes.size() != seen.size || changed_ns(read.facts) != seen.changed_ns) return {};
  const auto format = received_format(read.bytes);
  const bool may_grow = now - seen.since < kHalfWaits;
  if (read.bytes.empty() && may_grow) return {};
  if (!format) return refuse(file, format.error().message());
  if (!seems_whole(*format, read.bytes)) {
    if (may_grow) return {};
    return refuse(file, "the file ends in the middle");
  }
  return take(file, read.bytes, seen);
}

std::string HotFolder::origin_of(const std::string& name, const Seen& seen, const Bytes& bytes) const {
  return sha256_hex(as_bytes(settings_.id + "\n" + name + "\n" + std::to_string(seen.size) + "\n" +
                             std::to_string(seen.changed_ns) + "\n" + sha256_hex(bytes)));
}

Result<void> HotFolder::take(const fs::path& file, const Bytes& bytes, const Seen& seen) {
  const std::string name = file.filename().string();
  const auto taken = take_(name, bytes, origin_of(name, seen, bytes));
  if (!taken) {
    const Errc code = taken.error().code;
    if (code == Errc::refused || code == Errc::invalid_input) return refuse(file, taken.error().message());
    return fail(taken.error());
  }
  kill_point("folder.taken");
  MAILROOM_TRY_VOID(move_to(file, free_name(taken_folder(), *taken + "-" + name)));
  kill_point("folder.moved");
  return {};
}

Result<void> HotFolder::refuse(const fs::path& file, const std::string& reason) {
  const fs::path target = free_name(refused_folder(), file.filename().string());
  MAILROOM_TRY_VOID(write_durably(target.string() + kReasonSuffix, as_bytes(reason + "\n")));
  kill_point("folder.reason_written");
  log::warning("hot folder " + settings_.id + ": a file was refused: " + reason);
  return move_to(file, target);
}

Result<std::vector<std::string>> HotFolder::waiting() const {
  MAILROOM_TRY(const auto files, entries_of(settings_.path));
  std::vector<std::string> names;
  for (const auto& file : files) names.push_back(file.filename().string());
  return names;
}

Result<std::vector<RefusedFile>> HotFolder::refused() const {
  MAILROOM_TRY(const auto files, entries_of(refused_folder()));
  std::vector<RefusedFile> refused;
  for (const auto& file : files) {
    const std::string name = file.filename().string();
    if (name.ends_with(kReasonSuffix)) continue;
    auto reason = read_file(file.string() + kReasonSuffix, 4096);
    std::string words = reason ? std::string(as_text(*reason)) : "?";
    while (words.ends_with('\n')) words.pop_back();
    refused.push_back({name, std::move(words)});
  }
  return refused;
}

}  // namespace mailroom::intake
