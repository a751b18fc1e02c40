#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"

namespace mailroom::archive {

/// What lies in the store's folder.
struct ContentListing {
  std::vector<std::string> digests;  ///< sorted
  std::vector<std::filesystem::path>
      strangers;  ///< files that are no content: nothing of ours put them there
};

/// Bytes named by their SHA-256, one file each (docs/formats/content-file.md). What put() has
/// returned survives a power cut; a half-written file never has a content's name. Safe to use
/// from several threads at once. Digests are 64 lower-case hex digits.
class ContentStore {
 public:
  /// Creates what is missing and removes what an interrupted put() left behind. Only under the
  /// DataFolderLock.
  static Result<ContentStore> open(const std::filesystem::path& folder);

  /// Makes `bytes` durable and gives their digest. Putting the same bytes again is success and
  /// changes nothing. Errc::corrupt naming the file when a damaged file stands in the place.
  Result<std::string> put(ByteView bytes);

  /// The bytes, proven against their digest. Errc::not_found, or Errc::corrupt naming the file.
  [[nodiscard]] Result<Bytes> get(const std::string& sha256) const;

  /// `length` bytes from `offset` (fewer at the end), for blocks of a transfer. Checks header and
  /// file size but not the digest: whoever puts the blocks together does that.
  /// Errc::invalid_input when `offset` is beyond the end.
  [[nodiscard]] Result<Bytes> read_range(const std::string& sha256, std::uint64_t offset,
                                         std::size_t length) const;

  [[nodiscard]] Result<std::uint64_t> size(const std::string& sha256) const;
  [[nodiscard]] bool contains(
      const std::string& sha256) const;  ///< the file exists; says nothing of its bytes

  /// Reads the whole content and proves it, without keeping it in memory.
  [[nodiscard]] Result<void> verify(const std::string& sha256) const;

  /// Takes the file away for good (erasure). One that is gone already is success.
  Result<void> remove(const std::string& sha256);

  [[nodiscard]] Result<ContentListing> list() const;
  [[nodiscard]] std::filesystem::path path_of(const std::string& sha256) const;

 private:
  explicit ContentStore(std::filesystem::path folder) : folder_(std::move(folder)) {}
  [[nodiscard]] std::filesystem::path incoming() const { return folder_ / "incoming"; }
  Result<void> sync_way_to(const std::filesystem::path& file) const;
  std::filesystem::path folder_;
};

}  // namespace mailroom::archive
