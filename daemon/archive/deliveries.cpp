#include "daemon/archive/deliveries.h"

#include "daemon/archive/rows.h"

namespace mailroom::archive {
namespace {

// At most a window's worth of them, however many are owed: the planner would look at all of those.
#define AMONG_TRIED "INDEXED BY outbox_tried "
#define DELIVERY_COLUMNS                                                                   \
  "id, document, recipient, state, priority, manifest, attempts, next_due, last_attempt, " \
  "record, answered_at, answer"

Result<DeliveryRow> read_delivery(const Statement& row) {
  DeliveryRow delivery;
  delivery.id = row.text(0);
  delivery.document = row.text(1);
  delivery.recipient = row.text(2);
  delivery.state = row.text(3);
  delivery.priority = Priority(row.integer(4));
  delivery.manifest = row.text(5);
  delivery.attempts = int(row.integer(6));
  delivery.next_due = row.text(7);
  delivery.last_attempt = row.text(8);
  delivery.record = row.text(9);
  delivery.answered_at = row.text(10);
  delivery.answer = row.text(11);
  return delivery;
}

Result<int> count_of(Result<Statement> statement) {
  if (!statement) return fail(std::move(statement).error());
  MAILROOM_TRY([[maybe_unused]] const bool found, statement->next());
  return int(statement->integer(0));
}

}  // namespace

Result<void> Deliveries::insert(const DeliveryRow& delivery, Timestamp now) {
  return changed_one(
      database_.run("INSERT INTO outbox (id, document, recipient, state, priority, manifest, next_due) "
                    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                    delivery.id, delivery.document, delivery.recipient, delivery.state,
                    int(delivery.priority), delivery.manifest, to_rfc3339(now)),
      "delivery");
}

Result<std::optional<DeliveryRow>> Deliveries::find(const std::string& id) const {
  return row_of<DeliveryRow>(database_.query("SELECT " DELIVERY_COLUMNS " FROM outbox WHERE id = ?1", id),
                             read_delivery);
}

Result<std::vector<DeliveryRow>> Deliveries::of_document(const std::string& document) const {
  return rows_of<DeliveryRow>(database_.query("SELECT " DELIVERY_COLUMNS " FROM outbox WHERE document = ?1 "
                                              "ORDER BY recipient",
                                              document),
                              read_delivery);
}

Result<std::vector<DeliveryRow>> Deliveries::all() const {
  return rows_of<DeliveryRow>(database_.query("SELECT " DELIVERY_COLUMNS " FROM outbox ORDER BY id"),
                              read_delivery);
}

Result<std::vector<DeliveryRow>> Deliveries::due_again(const std::string& recipient, Timestamp now) const {
  return rows_of<DeliveryRow>(database_.query("SELECT " DELIVERY_COLUMNS " FROM outbox " AMONG_TRIED
                                              "WHERE recipient = ?1 AND state = 'owed' "
                                              "AND attempts > 0 AND (next_due <= ?2 OR last_attempt > ?2) "
                                              "ORDER BY priority DESC, next_due, id",
                                              recipient, to_rfc3339(now)),
                              read_delivery);
}

Result<std::vector<DeliveryRow>> Deliveries::fresh(const std::string& recipient, int limit) const {
  return rows_of<DeliveryRow>(
      database_.query("SELECT " DELIVERY_COLUMNS " FROM outbox WHERE recipient = ?1 AND state = 'owed' "
                      "AND attempts = 0 ORDER BY priority DESC, id LIMIT ?2",
                      recipient, limit),
      read_delivery);
}

Result<std::optional<Timestamp>> Deliveries::next_due(const std::string& recipient) const {
  MAILROOM_TRY(auto statement,
               database_.query("SELECT min(next_due) FROM outbox " AMONG_TRIED "WHERE recipient = ?1 "
                               "AND state = 'owed' AND attempts > 0",
                               recipient));
  MAILROOM_TRY([[maybe_unused]] const bool found, statement.next());
  if (statement.is_null(0)) return std::optional<Timestamp>();
  MAILROOM_TRY(const Timestamp due, from_rfc3339(statement.text(0)));
  return std::optional(due);
}

Result<int> Deliveries::unreceipted(const std::string& recipient) const {
  return count_of(database_.query("SELECT count(*) FROM outbox " AMONG_TRIED
                                  "WHERE recipient = ?1 AND state = 'owed' "
                                  "AND attempts > 0",
                                  recipient));
}

Result<DeliveryCount> Deliveries::count(const std::string& batch) const {
  MAILROOM_TRY(auto statement,
               database_.query("SELECT count(DISTINCT document.id), count(outbox.id), "
                               "count(*) FILTER (WHERE outbox.state = 'stored') "
                               "FROM document LEFT JOIN outbox ON outbox.document = document.id "
                               "WHERE document.batch = ?1",
                               batch));
  MAILROOM_TRY([[maybe_unused]] const bool found, statement.next());
  return DeliveryCount{int(statement.integer(0)), int(statement.integer(1)), int(statement.integer(2))};
}

Result<int> Deliveries::owed() const {
  return count_of(
      database_.query("SELECT count(*) FROM outbox INDEXED BY outbox_owing WHERE state = 'owed'"));
}

Result<void> Deliveries::record_attempt(const std::string& id, Timestamp at, Timestamp next_due) {
  return changed_one(
      database_.run("UPDATE outbox SET attempts = attempts + 1, last_attempt = ?2, next_due = ?3 "
                    "WHERE id = ?1",
                    id, to_rfc3339(at), to_rfc3339(next_due)),
      "delivery");
}

Result<void> Deliveries::conclude(const std::string& id, std::string_view state, const std::string& record,
                                  const std::string& answer, Timestamp at) {
  return changed_one(database_.run("UPDATE outbox SET state = ?2, record = ?3, answer = ?4, answered_at = ?5 "
                                   "WHERE id = ?1 AND state IN ('owed', 'dead')",
                                   id, state, record, answer, to_rfc3339(at)),
                     "delivery that is owed");
}

Result<void> Deliveries::insert_progress(const ProgressRow& progress, Timestamp at) {
  MAILROOM_TRY(
      [[maybe_unused]] const int rows,
      database_.run("INSERT INTO progress (delivery, seq, step, text, at) VALUES (?1, ?2, ?3, ?4, ?5) "
                    "ON CONFLICT DO NOTHING",
                    progress.delivery, progress.seq, progress.step, progress.text, to_rfc3339(at)));
  return {};
}

Result<void> Deliveries::insert_dead_letter(const std::string& id, const DeadLetterRow& letter,
                                            Timestamp at) {
  return changed_one(
      database_.run("INSERT INTO dead_letter (id, at, recipient, topic, reason, sha256, size, payload) "
                    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                    id, to_rfc3339(at), letter.recipient, letter.topic, letter.reason, letter.sha256,
                    std::int64_t(letter.size), letter.payload),
      "dead letter");
}

Result<int> Deliveries::dead_letters() const {
  return count_of(database_.query("SELECT count(*) FROM dead_letter"));
}

}  // namespace mailroom::archive
