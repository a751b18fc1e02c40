#include "daemon/intake/restoration.h"

#include <algorithm>
#include <charconv>

#include "daemon/archive/meta.h"
#include "daemon/assembly/clarification.h"
#include "daemon/base/uuid.h"

namespace mailroom::intake {
namespace {

using archive::Catalogue;
using archive::Transaction;

constexpr std::int64_t kNumbersADay = 2000;  // more batches than any day has

std::int64_t number_in(const std::string& text, std::int64_t missing) {
  std::int64_t number = missing;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

Result<std::int64_t> next_generation(archive::Database& database, Timestamp now) {
  MAILROOM_TRY(const std::string last, archive::meta(database, archive::kGeneration));
  // From the clock: restoring the same backup twice makes two generations.
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
  return std::max<std::int64_t>(number_in(last, 1) + 1, seconds);
}

/// The short numbers that were given out after the backup must never be given out again.
Result<std::int64_t> leave_a_gap(archive::Database& database, const std::string& backup_at, Timestamp now) {
  MAILROOM_TRY(const Timestamp then, from_rfc3339(backup_at));
  const auto days = std::max<std::int64_t>(0, std::chrono::floor<std::chrono::days>(now - then).count());
  const std::int64_t gap = (days + 1) * kNumbersADay;
  MAILROOM_TRY([[maybe_unused]] const int rows,
               database.run("UPDATE counter SET value = value + ?1 WHERE name LIKE 'batch-%'", gap));
  // The year may have turned since the backup.
  const std::string year = to_iso_date(now).substr(2, 2);
  MAILROOM_TRY([[maybe_unused]] const int fresh,
               database.run("INSERT INTO counter (name, value) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                            "batch-" + year, gap));
  return gap;
}

Result<int> doubt_batches(archive::Database& database, const std::string& backup_at) {
  return database.run(
      "INSERT INTO restored_batch (batch, at) SELECT id, ?1 FROM batch WHERE state IN "
      "('feeding', 'interrupted', 'closed', 'held') "
      "ON CONFLICT (batch) DO UPDATE SET at = ?1",
      backup_at);
}

Result<int> doubt_documents(Catalogue& catalogue, const std::string& backup_at, const Clock& clock) {
  MAILROOM_TRY(const auto documents, catalogue.documents().in_state(DocumentState::released));
  for (const auto& document : documents) {
    MAILROOM_TRY_VOID(catalogue.documents().step(document.id, DocumentState::held, clock.now()));
    const auto question = assembly::make_clarification("restored_unsealed", {document.id}, {},
                                                       {{"document", document.number}, {"at", backup_at}});
    archive::ClarificationRow row;
    row.id = new_uuid(clock);
    row.batch = document.batch;
    row.key = question.key;
    row.scope = assembly::name_of(question.scope);
    row.reason = question.reason;
    row.body = assembly::to_json(question);
    MAILROOM_TRY_VOID(catalogue.clarifications().insert(row, clock.now()));
  }
  return int(documents.size());
}

Result<void> remember(archive::Database& database, const Restoration& restored) {
  MAILROOM_TRY_VOID(archive::set_meta(database, archive::kGeneration, std::to_string(restored.generation)));
  MAILROOM_TRY_VOID(
      archive::set_meta(database, archive::kRestoredSeq, std::to_string(restored.backed_up.seq)));
  MAILROOM_TRY_VOID(archive::set_meta(database, archive::kRestoredHead, restored.backed_up.hash));
  // What is restored is in no backup of this generation yet.
  return archive::set_meta(database, archive::kLastBackup, "");
}

}  // namespace

Result<Restoration> open_new_generation(Catalogue& catalogue, const std::string& backup_at,
                                        const Clock& clock) {
  auto& database = catalogue.database();
  Restoration restored;
  MAILROOM_TRY(Transaction transaction, database.begin());
  MAILROOM_TRY(restored.backed_up, archive::audit_head(database));
  MAILROOM_TRY(restored.generation, next_generation(database, clock.now()));
  MAILROOM_TRY(const std::int64_t gap, leave_a_gap(database, backup_at, clock.now()));
  MAILROOM_TRY(
      restored.owed,
      database.run("UPDATE outbox SET attempts = 0, passed_over = 0, last_attempt = '', next_due = ?1 "
                   "WHERE state = 'owed'",
                   to_rfc3339(clock.now())));
  MAILROOM_TRY(const int batches, doubt_batches(database, backup_at));
  MAILROOM_TRY(const int documents, doubt_documents(catalogue, backup_at, clock));
  restored.doubtful = batches + documents;
  MAILROOM_TRY_VOID(remember(database, restored));
  MAILROOM_TRY([[maybe_unused]] const auto head,
               archive::append_audit(transaction, clock.now(),
                                     {"daemon",
                                      "appliance.restored",
                                      {},
                                      {{"backup", backup_at},
                                       {"generation", restored.generation},
                                       {"audit_seq", restored.backed_up.seq},
                                       {"audit_head", restored.backed_up.hash},
                                       {"numbers_left_out", gap},
                                       {"owed", restored.owed},
                                       {"doubtful", restored.doubtful}}}));
  MAILROOM_TRY_VOID(transaction.commit());
  return restored;
}

}  // namespace mailroom::intake
