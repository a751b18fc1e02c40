#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "daemon/archive/database.h"
#include "daemon/base/clock.h"

namespace mailroom::archive {

/// A row of `edit`: a person's change to how a batch is put together (docs/formats/edits.md).
struct EditRow {
  std::string id;
  std::string batch;
  int seq = 0;  ///< from 1 within the batch
  std::string kind;
  nlohmann::json arguments = nlohmann::json::object();
  std::string person;
  std::string at;
  std::string undone_by;  ///< empty: it counts
  std::string undone_at;
};

/// A row of `quality`: what quality control said about a document.
struct QualityRow {
  std::string id;
  std::string batch;
  std::vector<std::string> pages;  ///< of the document as it was looked at
  std::string outcome;             ///< "accept", "reject", "rescan"
  std::vector<std::string> wrong;  ///< pages that are not right
  std::string note;
  std::string person;
  std::string at;
};

/// The tables `edit` and `quality`, append-only but for the mark of an undone edit. Thread-bound to
/// the database.
class PersonsWork {
 public:
  explicit PersonsWork(Database& database) : database_(database) {}

  Result<void> insert(EditRow row, Timestamp now);  ///< numbers it within its batch
  Result<void> mark_undone(const std::string& id, const std::string& person, Timestamp now);
  [[nodiscard]] Result<std::vector<EditRow>> edits_of(const std::string& batch) const;  ///< by seq

  Result<void> insert(const QualityRow& row, Timestamp now);
  [[nodiscard]] Result<std::vector<QualityRow>> quality_of(const std::string& batch) const;  ///< oldest first

 private:
  Database& database_;
};

}  // namespace mailroom::archive
