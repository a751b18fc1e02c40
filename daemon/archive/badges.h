#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/archive/database.h"
#include "daemon/base/clock.h"

namespace mailroom::archive {

/// A staff badge that may log somebody in: a row of `badge` (docs/formats/catalogue.md).
struct Badge {
  std::string fingerprint;  ///< SHA-256 of its certificate, hexadecimal
  std::string user;
  std::string certificate;  ///< PEM
  std::string enrolled_at = {};
  std::string withdrawn_at = {};  ///< empty while it counts
};

/// The table `badge`. Thread-bound to the database.
class Badges {
 public:
  explicit Badges(Database& database) : database_(database) {}

  Result<void> insert(const Badge& badge, Timestamp now);  ///< Errc::conflict when it is enrolled already
  /// One that counts.
  [[nodiscard]] Result<std::optional<Badge>> find(const std::string& fingerprint) const;
  [[nodiscard]] Result<std::vector<Badge>> of_user(const std::string& user) const;
  Result<void> withdraw(const std::string& fingerprint, Timestamp now);

 private:
  Database& database_;
};

}  // namespace mailroom::archive
