#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "daemon/archive/database.h"
#include "daemon/base/clock.h"

namespace mailroom::archive {

/// States of a row of `clarification`; persistent.
inline constexpr std::string_view kOpen = "open";
inline constexpr std::string_view kResolved = "resolved";
inline constexpr std::string_view kGone = "gone";  ///< assembly no longer raises it

/// A row of `clarification` (docs/formats/catalogue.md).
struct ClarificationRow {
  std::string id;
  std::string batch;
  std::string key;  ///< stable over re-assembly
  std::string scope;
  std::string reason;
  nlohmann::json body = nlohmann::json::object();  ///< as docs/formats/clarifications.md defines
  std::string state = std::string(kOpen);
  int version = 1;
  std::string assignee;
  std::string opened_at;
  std::string closed_at;
};

/// A row of `resolution`: what a person answered.
struct ResolutionRow {
  std::string id;
  std::string batch;
  std::string clarification_key;
  std::string kind;
  nlohmann::json arguments = nlohmann::json::object();
  std::string person;
  std::string at;
};

/// The tables `clarification` and `resolution`. Thread-bound to the database.
class Clarifications {
 public:
  explicit Clarifications(Database& database) : database_(database) {}

  Result<void> insert(const ClarificationRow& row, Timestamp now);
  Result<void> set_body(const std::string& id, const nlohmann::json& body);  ///< the version stays
  Result<void> set_state(const std::string& id, std::string_view state, Timestamp now);  ///< version + 1

  [[nodiscard]] Result<ClarificationRow> get(const std::string& id) const;
  [[nodiscard]] Result<std::vector<ClarificationRow>> of_batch(
      const std::string& batch) const;  ///< oldest first
  [[nodiscard]] Result<std::vector<ClarificationRow>> open() const;
  [[nodiscard]] Result<int> open_count(const std::string& batch) const;

  Result<void> insert_resolution(const ResolutionRow& row, Timestamp now);
  [[nodiscard]] Result<std::vector<ResolutionRow>> resolutions_of(
      const std::string& batch) const;  ///< oldest first

 private:
  Database& database_;
};

}  // namespace mailroom::archive
