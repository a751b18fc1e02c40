#pragma once

#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "tests/faults/file_layer/file_layer.h"

namespace mailroom::faults {

/// What a power cut leaves of what was not synced.
enum class Survival {
  nothing,     ///< only what was synced
  everything,  ///< all of it: the same as kill -9
  names_only,  ///< names without the bytes: empty and short files
  bytes_only,  ///< bytes without the names
  torn,        ///< all but the second half of the last write
  random,      ///< any blocks of any write; of the names in a folder an ordered beginning
};
inline constexpr int kSurvivals = 6;
const char* name_of(Survival survival);

/// The disk under a power cut. Bytes are durable after fsync of their file, names after fsync of their
/// folder, in no other way. What was not synced survives in blocks of 4 KiB at random; changes of the
/// names of one folder survive as an ordered beginning. That is harsher than any journalling file
/// system, which writes names in order and syncs a new file's name with it. A rename between folders
/// never loses the file: its old name goes only when the new one is there. A folder is renamed as a
/// whole or not, as soon as the folder that it goes into is synced.
class CrashModel {
 public:
  void apply(const FileOperation& operation);

  /// Writes into the empty `folder` what is on the disk after a cut now.
  void write_image(const std::filesystem::path& folder, Survival survival, std::mt19937_64& random) const;

 private:
  struct Change {  // of the bytes of a file, not synced
    bool resize = false;
    std::uint64_t at = 0;  // offset, or the new size
    const Bytes* bytes = nullptr;
  };
  struct File {
    Bytes durable;
    std::vector<Change> pending;
  };
  struct Node {
    bool folder = false;
    int file = 0;
  };
  struct NameChange {
    std::string gone;   // this name is taken away, if not empty
    std::string there;  // then this one is there, if not empty
    Node node;
    std::string needs;  // taken away only when this name in another folder is there
    std::string moved;  // this folder moves to `there` with all that is in it, if not empty
  };
  using Names = std::map<std::string, Node>;

  void change_name(const std::string& folder, NameChange change);
  static void apply_to(Names& names, const NameChange& change);
  static void move_folder(Names& names, const std::string& from, const std::string& to);
  void rename_folder(const std::string& from, const std::string& to);
  [[nodiscard]] Names surviving_names(Survival survival, std::mt19937_64& random) const;
  static Bytes surviving_bytes(const File& file, Survival survival, const Bytes* last,
                               std::mt19937_64& random);

  std::map<int, File> files_;
  Names durable_;
  std::map<std::string, std::vector<NameChange>> pending_;  // by folder
  const Bytes* last_written_ = nullptr;
};

}  // namespace mailroom::faults
