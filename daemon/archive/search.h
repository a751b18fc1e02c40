#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/archive/database.h"
#include "daemon/archive/deliveries.h"
#include "daemon/archive/documents.h"

/// Questions across the tables of the catalogue. Thread-bound to the database.
namespace mailroom::archive {

/// What somebody looks for; empty parts do not restrict.
struct DocumentQuery {
  std::string text;   ///< in number, reference or the value of an index field
  std::string batch;  ///< number of its batch
  std::string box;    ///< number of its box
  std::string document_class;
  std::string department;
  std::string state;
  std::string from;    ///< received on or after, ISO date
  std::string to;      ///< received on or before
  std::string before;  ///< only documents older than the one with this number
};

/// Ids, newest first, at most `limit`.
Result<std::vector<std::string>> find_documents(Database& database, const DocumentQuery& query, int limit);

/// How many pages of a batch have a role; what is not put together yet has none.
Result<std::map<PageRole, int>> pages_by_role(Database& database, const std::string& batch);

struct DatedProgress {
  ProgressRow progress;
  std::string at;
};
Result<std::vector<DatedProgress>> progress_of(Database& database, const std::string& delivery);

struct DatedDeadLetter {
  std::string id;
  std::string at;
  DeadLetterRow letter;  ///< without its payload
};
Result<std::vector<DatedDeadLetter>> latest_dead_letters(Database& database, int limit);

struct SnapshotUse {
  std::string digest;
  std::string first_used;
};
Result<std::vector<SnapshotUse>> configuration_uses(Database& database);  ///< newest first
Result<std::optional<std::string>> configuration_snapshot(Database& database, const std::string& digest);

struct HourOfWork {
  std::string hour;  ///< "2026-11-25T14"
  int pages = 0;
  int documents = 0;
};
/// Hours from `since` (RFC 3339) in which something happened, oldest first.
Result<std::vector<HourOfWork>> work_by_hour(Database& database, const std::string& since);

/// What one class of documents cost in one month; never per person.
struct MonthOfClass {
  std::string month;  ///< of receipt, "2026-11"
  std::string document_class;
  int documents = 0;
  int sheets = 0;     ///< of its pages
  int untouched = 0;  ///< documents of batches in which no person answered or changed anything
  std::optional<double> median_hours;  ///< from the first capture to the last receipt
};
Result<std::vector<MonthOfClass>> work_by_month(Database& database, const std::string& from,
                                                const std::string& to);

struct RecipientWork {
  std::string recipient;
  int owed = 0;
  int stored = 0;
  int sent_back = 0;
};
Result<std::vector<RecipientWork>> work_by_recipient(Database& database);

}  // namespace mailroom::archive
