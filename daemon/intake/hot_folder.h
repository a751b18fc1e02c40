#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/base/clock.h"
#include "daemon/base/result.h"
#include "daemon/config/configuration.h"

namespace mailroom::intake {

/// A file that was not taken in, and why.
struct RefusedFile {
  std::string name;
  std::string reason;
};

/// A folder that others put files into (docs/formats/hot-folder.md). look() takes in every file that is whole
/// and has not changed for a while, and moves it to `taken/`; one that can never be taken goes to `refused/`
/// with its reason beside it; any other error leaves it for the next look. A file is taken once, wherever the
/// daemon ends: the receiver knows it by its origin.
///
/// look() belongs to one thread; the others are thread-safe.
class HotFolder {
 public:
  /// Takes a file in and gives what its moved name begins with (the number of its batch). Errc::refused and
  /// invalid_input are for ever.
  using Take =
      std::function<Result<std::string>(const std::string& name, const Bytes& bytes, const std::string& origin)>;

  HotFolder(FolderPlace settings, Take take, const Clock& clock)
      : settings_(std::move(settings)), take_(std::move(take)), clock_(clock) {}

  void look();

  [[nodiscard]] const FolderPlace& settings() const { return settings_; }
  [[nodiscard]] Result<std::vector<std::string>> waiting() const;     ///< names, sorted
  [[nodiscard]] Result<std::vector<RefusedFile>> refused() const;     ///< by name
  [[nodiscard]] std::string fault() const;  ///< why the folder cannot be worked on, or empty

  /// So long a file without its end waits for the rest of it.
  static constexpr std::chrono::minutes kHalfWaits{10};

 private:
  struct Seen {
    std::uintmax_t size = 0;
    std::int64_t changed_ns = 0;
    Timestamp since{};
  };
  Result<void> look_around();
  Result<void> look_at(const std::filesystem::path& file);
  Result<void> take(const std::filesystem::path& file, const Bytes& bytes, const Seen& seen);
  Result<void> refuse(const std::filesystem::path& file, const std::string& reason);
  [[nodiscard]] std::string origin_of(const std::string& name, const Seen& seen, const Bytes& bytes) const;
  [[nodiscard]] std::filesystem::path taken_folder() const { return settings_.path / "taken"; }
  [[nodiscard]] std::filesystem::path refused_folder() const { return settings_.path / "refused"; }

  FolderPlace settings_;
  Take take_;
  const Clock& clock_;
  std::map<std::string, Seen> seen_;
  mutable std::mutex mutex_;
  std::string fault_;
};

}  // namespace mailroom::intake
