#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"

namespace mailroom::delivery {

/// Where the reference recipient keeps what it received: one folder per delivery, named by its id,
/// which either exists whole and durable or not at all. Thread-bound.
class DeliveryFolder {
 public:
  struct File {
    std::string name;
    Bytes bytes;
  };

  /// Makes `root` if needed and removes what a killed predecessor left half written.
  static Result<DeliveryFolder> open(std::filesystem::path root);

  [[nodiscard]] bool holds(const std::string& id) const;
  [[nodiscard]] Result<Bytes> manifest(const std::string& id) const;
  [[nodiscard]] Result<std::vector<std::string>> ids() const;  ///< of all that is held

  /// The greatest generation of the mailroom that was answered; 0 at first.
  [[nodiscard]] std::int64_t generation() const;
  Result<void> remember_generation(std::int64_t generation) const;

  /// Stores all files of a delivery at once. Files are fsynced before the folder gets its name, so
  /// that a receipt sent afterwards never promises what a power cut can take.
  Result<void> store(const std::string& id, const std::vector<File>& files) const;

 private:
  explicit DeliveryFolder(std::filesystem::path root) : root_(std::move(root)) {}

  std::filesystem::path root_;
};

}  // namespace mailroom::delivery
