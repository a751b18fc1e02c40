#pragma once

#include <string>
#include <vector>

#include "daemon/archive/database.h"
#include "daemon/document/terms.h"

namespace mailroom::archive {

/// The table `document_record`: the records of the house that documents belong to beside their own file
/// (docs/formats/records.md). Thread-bound to the database.
class Records {
 public:
  explicit Records(Database& database) : database_(database) {}

  /// In the document's order. Needs an open transaction.
  Result<void> insert(const std::string& document, const std::vector<RecordLink>& links);
  [[nodiscard]] Result<std::vector<RecordLink>> of_document(const std::string& document) const;

  /// The records of vouchers of a document by its short number.
  [[nodiscard]] Result<std::vector<RecordLink>> vouchers_of_number(const std::string& number) const;

  /// Ids of the documents of a record as they count now, oldest first, at most `limit`.
  [[nodiscard]] Result<std::vector<std::string>> documents_in(const std::string& kind, const std::string& key,
                                                              int limit) const;

 private:
  Database& database_;
};

}  // namespace mailroom::archive
