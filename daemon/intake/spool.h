#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"
#include "daemon/document/image.h"

namespace mailroom::intake {

/// Names one captured side in the spool.
struct SpoolEntry {
  std::string batch;
  int sheet = 0;
  Side side = Side::front;
  ImageFormat format = ImageFormat::jpeg;
};

/// A file that was written but never entered in the catalogue.
struct UntakenFile {
  std::string name;
  std::string sha256;
};

/// What lies in the folder of a batch.
struct SpoolFiles {
  std::vector<std::string> own;      ///< names of sides, sorted; halves too
  std::vector<std::string> untaken;  ///< names in `untaken/`
};

/// The folder of captured sides, as docs/formats/spool.md describes it. Reentrant: different
/// threads may work on different batches.
class Spool {
 public:
  explicit Spool(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// Makes the folder if it is not there, and the names durable that an earlier, killed run has made
  /// and did not live to sync: what is stored below them later relies on them. Once, at start.
  [[nodiscard]] Result<void> settle() const;

  /// Makes `bytes` durable. Never overwrites: an entry that exists is Errc::conflict.
  Result<void> store(const SpoolEntry& entry, ByteView bytes) const;

  /// The bytes of an entry, proven to be those with digest `sha256`; else Errc::corrupt.
  [[nodiscard]] Result<Bytes> read(const SpoolEntry& entry, const std::string& sha256) const;

  /// Moves all files of `batch` that are not in `taken` (file names) to `untaken/` and removes halves.
  [[nodiscard]] Result<std::vector<UntakenFile>> set_aside_untaken(const std::string& batch,
                                                                   const std::set<std::string>& taken) const;

  /// Removes the working copies of a batch. What is gone already is success.
  [[nodiscard]] Result<void> remove_batch(const std::string& batch) const;

  [[nodiscard]] std::filesystem::path folder_of(const std::string& batch) const { return folder_ / batch; }
  static std::string file_name(const SpoolEntry& entry);  ///< "00017-back.jpg"
  [[nodiscard]] std::filesystem::path path_of(const SpoolEntry& entry) const;

  /// Names of what is there; none when the folder is not.
  [[nodiscard]] Result<SpoolFiles> files_of(const std::string& batch) const;
  [[nodiscard]] Result<std::vector<std::string>> batches() const;  ///< ids that have a folder

  /// Free space of the file system the spool is on, in MiB.
  [[nodiscard]] Result<std::uint64_t> free_mib() const;

 private:
  std::filesystem::path folder_;
};

}  // namespace mailroom::intake
