#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/archive/database.h"

namespace mailroom::archive {

/// What the catalogue keeps of a reading of an identity card (docs/formats/card-reading.md): nothing that
/// says who it was.
struct IdentityReading {
  std::string id;
  std::string matter;
  std::string recipient;
  std::string mode;
  std::string assurance;
  std::string kind;
  std::string read_at;
  std::string terminal;
  std::string certificate_digest;
  std::string pseudonym = {};
  std::string record_digest;
  std::string sealed_digest;
  std::string staff = {};  ///< counter only
};

/// The table `identity_reading`. Thread-bound to the database.
class IdentityReadings {
 public:
  explicit IdentityReadings(Database& database) : database_(database) {}

  Result<void> insert(const IdentityReading& reading);
  [[nodiscard]] Result<std::optional<IdentityReading>> find(const std::string& id) const;
  [[nodiscard]] Result<std::vector<IdentityReading>> of_matter(const std::string& matter) const;

 private:
  Database& database_;
};

}  // namespace mailroom::archive
