#include "tests/faults/file_layer/file_layer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "tests/support/text_file.h"

namespace mailroom::faults {
namespace {

using Kind = FileOperation::Kind;
using Way = FileFault::Way;

std::string absolute(int folder, const char* path) {
  if (path[0] == '/' || folder == AT_FDCWD) return path;
  char name[4096];
  const std::string link = "/proc/self/fd/" + std::to_string(folder);
  const ssize_t got = ::readlink(link.c_str(), name, sizeof name);
  return got <= 0 ? std::string(path) : std::string(name, std::size_t(got)) + "/" + path;
}

bool exists(const std::string& path) {
  return ::faccessat(AT_FDCWD, path.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

bool is_folder(const char* path) {
  struct stat status {};
  return ::lstat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

bool is_folder(int fd) {
  struct stat status {};
  return ::fstat(fd, &status) == 0 && S_ISDIR(status.st_mode);
}

int failing(int error_number) {
  errno = error_number;
  return -1;
}

}  // namespace

FileLayer& FileLayer::instance() {
  static auto* layer = new FileLayer;  // outlives every static object that closes a file
  return *layer;
}

void FileLayer::watch(const std::filesystem::path& root, bool keep_operations) {
  const std::scoped_lock lock(mutex_);
  root_ = root.string();
  keep_ = keep_operations;
  fault_ = {};
  calls_ = syncs_ = 0;
  struck_ = false;
  open_.clear();
  file_at_.clear();
  operations_.clear();
  if (!root_.empty() && keep_) note_present();
}

void FileLayer::note_present() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root_))
    paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  for (const auto& path : paths) {
    const std::string name = relative(path.string());
    if (std::filesystem::is_directory(path)) {
      note({Kind::make_folder, name, {}, 0, 0, {}});
    } else {
      const int file = file_at_[name] = next_file_++;
      note({Kind::create, name, {}, file, 0, {}});
      const std::string bytes = test::text_of(path);
      note({Kind::write, name, {}, file, 0, Bytes(bytes.begin(), bytes.end())});
      note({Kind::sync, name, {}, file, 0, {}});
    }
    note({Kind::sync_folder,
          path.parent_path() == root_ ? "" : relative(path.parent_path().string()),
          {},
          0,
          0,
          {}});
  }
}

void FileLayer::label(const char* during) {
  const std::scoped_lock lock(mutex_);
  label_ = during;
}

void FileLayer::forget() {
  watch({});
}

std::vector<FileOperation> FileLayer::take_operations() {
  auto operations = [this] {
    const std::scoped_lock lock(mutex_);
    return std::move(operations_);
  }();
  forget();
  return operations;
}

void FileLayer::spoil(const FileFault& fault) {
  const std::scoped_lock lock(mutex_);
  fault_ = fault;
  calls_ = syncs_ = 0;
  struck_ = false;
}

bool FileLayer::dead() const {
  const std::scoped_lock lock(mutex_);
  return fault_.way == Way::death && struck_;
}

bool FileLayer::struck() const {
  const std::scoped_lock lock(mutex_);
  return struck_;
}

bool FileLayer::struck_folder() const {
  const std::scoped_lock lock(mutex_);
  return struck_folder_;
}

long FileLayer::calls() const {
  const std::scoped_lock lock(mutex_);
  return calls_;
}

long FileLayer::syncs() const {
  const std::scoped_lock lock(mutex_);
  return syncs_;
}

std::size_t FileLayer::size() const {
  const std::scoped_lock lock(mutex_);
  return operations_.size();
}

bool FileLayer::is_watched(const std::string& path) const {
  return !root_.empty() && path.size() > root_.size() && path.compare(0, root_.size(), root_) == 0 &&
         path[root_.size()] == '/';
}

std::string FileLayer::relative(const std::string& path) const {
  return path.substr(root_.size() + 1);
}

void FileLayer::note(FileOperation operation) {
  if (!keep_) return;
  operation.during = label_;
  operations_.push_back(std::move(operation));
}

FileLayer::Verdict FileLayer::judge(bool needs_room, bool is_write) {
  ++calls_;
  const bool here = calls_ == fault_.at;
  switch (fault_.way) {
    case Way::none:
    case Way::sync_error: return Verdict::pass;
    case Way::death:
      struck_ = struck_ || calls_ >= fault_.at;
      errno = EIO;
      return struck_ ? Verdict::fail : Verdict::pass;
    case Way::error_once:
      struck_ = struck_ || here;
      errno = fault_.error_number;
      return here ? Verdict::fail : Verdict::pass;
    case Way::error_on:
      if (calls_ < fault_.at || !needs_room) return Verdict::pass;
      struck_ = true;
      errno = fault_.error_number;
      return Verdict::fail;
    case Way::short_once:
      if (struck_ || calls_ < fault_.at || !is_write) return Verdict::pass;
      struck_ = true;
      return Verdict::half;
  }
  return Verdict::pass;
}

int FileLayer::open(int folder, const char* name, int flags, unsigned mode) {
  const std::scoped_lock lock(mutex_);
  const std::string path = absolute(folder, name);
  const bool watched = is_watched(path) || (!root_.empty() && path == root_);
  const bool fresh = watched && (flags & O_CREAT) != 0 && !exists(path);
  const bool empties = watched && !fresh && (flags & O_TRUNC) != 0;
  if ((fresh || empties) && judge(true, false) == Verdict::fail) return -1;
  const int fd = int(::syscall(SYS_openat, folder, name, flags, mode));
  if (fd < 0 || !watched) return fd;
  Open opened;
  opened.path = path == root_ ? "" : relative(path);
  opened.folder = is_folder(fd);  // SQLite opens folders without saying so
  if (!opened.folder) {
    if (fresh) {
      file_at_[opened.path] = next_file_++;
      note({Kind::create, opened.path, {}, file_at_[opened.path], 0, {}});
    }
    opened.file = file_at_[opened.path];
    if (empties) note({Kind::resize, opened.path, {}, opened.file, 0, {}});
  }
  open_[fd] = std::move(opened);
  return fd;
}

int FileLayer::close(int fd) {
  const std::scoped_lock lock(mutex_);
  if (!root_.empty()) open_.erase(fd);
  return int(::syscall(SYS_close, fd));
}

long FileLayer::write(int fd, const void* bytes, std::size_t size) {
  {
    const std::scoped_lock lock(mutex_);
    if (root_.empty() || !open_.contains(fd)) return ::syscall(SYS_write, fd, bytes, size);
  }
  const auto at = std::int64_t(::syscall(SYS_lseek, fd, 0, SEEK_CUR));
  const long written = pwrite(fd, bytes, size, at);
  if (written > 0) ::syscall(SYS_lseek, fd, at + written, SEEK_SET);
  return written;
}

long FileLayer::pwrite(int fd, const void* bytes, std::size_t size, std::int64_t offset) {
  const std::scoped_lock lock(mutex_);
  const auto found = root_.empty() ? open_.end() : open_.find(fd);
  if (found == open_.end()) return ::syscall(SYS_pwrite64, fd, bytes, size, offset);
  const Verdict verdict = judge(true, size > 1);
  if (verdict == Verdict::fail) return -1;
  if (verdict == Verdict::half) size /= 2;
  const long written = ::syscall(SYS_pwrite64, fd, bytes, size, offset);
  if (written <= 0) return written;
  const auto* begin = static_cast<const std::uint8_t*>(bytes);
  note({Kind::write,
        found->second.path,
        {},
        found->second.file,
        std::uint64_t(offset),
        keep_ ? Bytes(begin, begin + written) : Bytes()});
  return written;
}

int FileLayer::resize(int fd, std::int64_t size) {
  const std::scoped_lock lock(mutex_);
  const auto found = root_.empty() ? open_.end() : open_.find(fd);
  if (found == open_.end()) return int(::syscall(SYS_ftruncate, fd, size));
  if (judge(false, false) == Verdict::fail) return -1;
  const int outcome = int(::syscall(SYS_ftruncate, fd, size));
  if (outcome == 0) note({Kind::resize, found->second.path, {}, found->second.file, std::uint64_t(size), {}});
  return outcome;
}

int FileLayer::sync_locked(int fd) {
  const Open& opened = open_.at(fd);
  ++syncs_;
  if (fault_.way == Way::sync_error && syncs_ == fault_.at) {
    struck_ = true;
    struck_folder_ = opened.folder && opened.path.empty();
    return failing(EIO);  // nothing is noted: what it should have made durable is not
  }
  // A dead process tells nobody that its fsync did nothing.
  if (judge(false, false) == Verdict::fail) return fault_.way == Way::death ? 0 : -1;
  note({opened.folder ? Kind::sync_folder : Kind::sync, opened.path, {}, opened.file, 0, {}});
  return 0;  // the power cuts here are ours: the disk itself need not be bothered
}

int FileLayer::sync(int fd) {
  const std::scoped_lock lock(mutex_);
  if (root_.empty() || !open_.contains(fd)) return int(::syscall(SYS_fsync, fd));
  return sync_locked(fd);
}

int FileLayer::rename(const char* from, const char* to) {
  const std::scoped_lock lock(mutex_);
  const bool watched = is_watched(from) && is_watched(to);
  if (watched && judge(false, false) == Verdict::fail) return -1;
  const bool folder = watched && is_folder(from);
  const int outcome = int(::syscall(SYS_rename, from, to));
  if (outcome != 0 || !watched) return outcome;
  const std::string source = relative(from), target = relative(to);
  if (folder) return note_folder_renamed(source, target), 0;
  const int file = file_at_[source];
  file_at_.erase(source);
  file_at_[target] = file;
  note({Kind::rename, source, target, file, 0, {}});
  return 0;
}

void FileLayer::note_folder_renamed(const std::string& source, const std::string& target) {
  std::map<std::string, int> moved;
  for (const auto& [path, file] : file_at_)
    moved[path.starts_with(source + "/") ? target + path.substr(source.size()) : path] = file;
  file_at_ = std::move(moved);
  note({Kind::rename_folder, source, target, 0, 0, {}});
}

int FileLayer::unlink(int folder, const char* name, int flags) {
  const std::scoped_lock lock(mutex_);
  const std::string path = absolute(folder, name);
  const bool watched = is_watched(path);
  if (watched && exists(path) && judge(false, false) == Verdict::fail) return -1;
  const int outcome = int(::syscall(SYS_unlinkat, folder, name, flags));
  if (outcome != 0 || !watched) return outcome;
  const bool folder_goes = (flags & AT_REMOVEDIR) != 0;
  const std::string gone = relative(path);
  note({folder_goes ? Kind::remove_folder : Kind::unlink, gone, {}, folder_goes ? 0 : file_at_[gone], 0, {}});
  file_at_.erase(gone);
  return 0;
}

int FileLayer::make_folder(const char* path, unsigned mode) {
  const std::scoped_lock lock(mutex_);
  const bool watched = is_watched(path);
  if (watched && !exists(path) && judge(true, false) == Verdict::fail) return -1;
  const int outcome = int(::syscall(SYS_mkdir, path, mode));
  if (outcome == 0 && watched) note({Kind::make_folder, relative(path), {}, 0, 0, {}});
  return outcome;
}

}  // namespace mailroom::faults
