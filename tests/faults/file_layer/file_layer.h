#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "daemon/base/bytes.h"

namespace mailroom::faults {

/// One change that a program made below the watched folder. Paths are relative to it.
struct FileOperation {
  enum class Kind {
    create,
    make_folder,
    write,
    resize,
    sync,
    sync_folder,
    rename,
    rename_folder,
    unlink,
    remove_folder
  };
  Kind kind = Kind::write;
  std::string path;
  std::string target;        ///< of rename and rename_folder
  int file = 0;              ///< which file, whatever its name is by now
  std::uint64_t offset = 0;  ///< of write; of resize: the new size
  Bytes bytes;               ///< of write
  const char* during = "";   ///< the label at that time
};

/// How the layer spoils calls. Calls are counted from 1; all that change or sync something count.
struct FileFault {
  enum class Way {
    none,
    error_once,  ///< the n-th call fails with `error_number`
    error_on,    ///< the n-th call and all after it that need room fail, until the fault is taken away
    short_once,  ///< the n-th call, if it is a write, writes half
    sync_error,  ///< the n-th fsync (counted alone) fails with EIO; what it covered is lost
    death        ///< from the n-th call on nothing reaches the files: the process counts as killed
  };
  Way way = Way::none;
  long at = 0;
  int error_number = 0;
};

/// The file calls of this process, seen on their way to the kernel: everything below one folder is
/// written down and can be spoiled. The program (or LD_PRELOAD) brings it in front of libc, so SQLite
/// and the standard library pass through it too. Thread-safe.
class FileLayer {
 public:
  static FileLayer& instance();

  /// Starts writing down what happens below `root`, an absolute path. What is there already is
  /// written down as if it had just been made, and durable.
  void watch(const std::filesystem::path& root, bool keep_operations = true);
  void forget();  ///< ends it and drops what was written down

  void label(const char* during);            ///< what the program is about; a literal
  void spoil(const FileFault& fault);        ///< the counts of calls start again
  [[nodiscard]] bool dead() const;           ///< the death of the present fault has come
  [[nodiscard]] bool struck() const;         ///< the present fault has come at all
  [[nodiscard]] bool struck_folder() const;  ///< it was the fsync of the watched folder itself
  [[nodiscard]] long calls() const;          ///< since spoil() or watch()
  [[nodiscard]] long syncs() const;

  [[nodiscard]] std::size_t size() const;                      ///< number of operations so far
  [[nodiscard]] std::vector<FileOperation> take_operations();  ///< and forget()

  // What the calls of libc come to; results as theirs, errno set.
  int open(int folder, const char* path, int flags, unsigned mode);
  int close(int fd);
  long write(int fd, const void* bytes, std::size_t size);
  long pwrite(int fd, const void* bytes, std::size_t size, std::int64_t offset);
  int resize(int fd, std::int64_t size);
  int sync(int fd);
  int rename(const char* from, const char* to);
  int unlink(int folder, const char* path, int flags);
  int make_folder(const char* path, unsigned mode);

 private:
  struct Open {
    int file = 0;
    std::string path;
    bool folder = false;
  };
  enum class Verdict { pass, fail, half };
  Verdict judge(bool needs_room, bool is_write);
  int sync_locked(int fd);
  void note_present();
  void note_folder_renamed(const std::string& source, const std::string& target);
  void note(FileOperation operation);
  [[nodiscard]] bool is_watched(const std::string& path) const;
  [[nodiscard]] std::string relative(const std::string& path) const;

  mutable std::recursive_mutex mutex_;  // looking at what is present passes through the layer too
  std::string root_;
  bool keep_ = true;
  FileFault fault_;
  long calls_ = 0;
  long syncs_ = 0;
  bool struck_ = false;
  bool struck_folder_ = false;
  const char* label_ = "";
  int next_file_ = 1;
  std::map<int, Open> open_;            // by descriptor
  std::map<std::string, int> file_at_;  // by path
  std::vector<FileOperation> operations_;
};

}  // namespace mailroom::faults
