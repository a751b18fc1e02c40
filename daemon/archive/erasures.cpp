#include "daemon/archive/erasures.h"

#include "daemon/archive/rows.h"

namespace mailroom::archive {
namespace {

using nlohmann::json;

#define ERASURE_COLUMNS                                                                            \
  "id, scope, subject, batch, reason, state, requested_by, requested_at, decided_by, decided_at, " \
  "finished_at, tombstone"

Result<Erasure> read_erasure(const Statement& row) {
  Erasure erasure;
  erasure.id = row.text(0);
  erasure.scope = row.text(1);
  erasure.subject = row.text(2);
  erasure.batch = row.text(3);
  erasure.reason = row.text(4);
  erasure.state = row.text(5);
  erasure.requested_by = row.text(6);
  erasure.requested_at = row.text(7);
  erasure.decided_by = row.text(8);
  erasure.decided_at = row.text(9);
  erasure.finished_at = row.text(10);
  erasure.tombstone = json::parse(row.text(11), nullptr, false);
  if (!erasure.tombstone.is_object())
    return fail(Errc::corrupt, "the catalogue holds a tombstone that is not JSON");
  return erasure;
}

}  // namespace

const std::vector<std::string>& erasure_reasons() {
  static const std::vector<std::string> reasons = {"private_mail", "wrong_authority", "data_subject_request",
                                                   "unlawful"};
  return reasons;
}

Result<void> Erasures::insert(const Erasure& erasure, Timestamp now) {
  const auto inserted = database_.run(
      "INSERT INTO erasure (id, scope, subject, batch, reason, state, requested_by, requested_at) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
      erasure.id, erasure.scope, erasure.subject, erasure.batch, erasure.reason, erasure.state,
      erasure.requested_by, to_rfc3339(now));
  if (!inserted && inserted.error().code == Errc::conflict) {
    return fail(Errc::conflict, "the erasure of this is requested already", {},
                "see: mailroomctl erase list");
  }
  return changed_one(inserted, "erasure");
}

Result<Erasure> Erasures::get(const std::string& id) const {
  MAILROOM_TRY(auto found,
               row_of<Erasure>(database_.query("SELECT " ERASURE_COLUMNS " FROM erasure WHERE id = ?1", id),
                               read_erasure));
  if (!found) return fail(Errc::not_found, "there is no such erasure", {}, "see: mailroomctl erase list");
  return std::move(*found);
}

Result<std::vector<Erasure>> Erasures::all() const {
  return rows_of<Erasure>(database_.query("SELECT " ERASURE_COLUMNS " FROM erasure ORDER BY id DESC"),
                          read_erasure);
}

Result<std::vector<Erasure>> Erasures::in_state(std::string_view state) const {
  return rows_of<Erasure>(
      database_.query("SELECT " ERASURE_COLUMNS " FROM erasure WHERE state = ?1 ORDER BY id", state),
      read_erasure);
}

Result<void> Erasures::refuse(const std::string& id, const std::string& person, Timestamp now) {
  return changed_one(database_.run("UPDATE erasure SET state = 'refused', decided_by = ?2, decided_at = ?3 "
                                   "WHERE id = ?1 AND state = 'requested'",
                                   id, person, to_rfc3339(now)),
                     "erasure that is requested");
}

Result<void> Erasures::confirm(const std::string& id, const std::string& person, const json& tombstone,
                               Timestamp now) {
  return changed_one(database_.run("UPDATE erasure SET state = 'erasing', decided_by = ?2, decided_at = ?3, "
                                   "tombstone = ?4 WHERE id = ?1 AND state = 'requested'",
                                   id, person, to_rfc3339(now), tombstone.dump()),
                     "erasure that is requested");
}

Result<void> Erasures::finish(const std::string& id, Timestamp now) {
  return changed_one(database_.run("UPDATE erasure SET state = 'erased', finished_at = ?2 WHERE id = ?1 "
                                   "AND state = 'erasing'",
                                   id, to_rfc3339(now)),
                     "erasure at work");
}

Result<void> Erasures::mark(const std::string& subject, const std::string& erasure) {
  return any_number(
      database_.run("INSERT OR IGNORE INTO erased (subject, erasure) VALUES (?1, ?2)", subject, erasure));
}

Result<bool> Erasures::is_erased(const std::string& subject) const {
  MAILROOM_TRY(auto found, database_.query("SELECT 1 FROM erased WHERE subject = ?1", subject));
  return found.next();
}

Result<int> Erasures::confirmed() const {
  MAILROOM_TRY(auto statement,
               database_.query("SELECT count(*) FROM erasure WHERE state IN ('erasing', 'erased')"));
  MAILROOM_TRY([[maybe_unused]] const bool found, statement.next());
  return int(statement.integer(0));
}

Result<void> Erasures::blank_page(const std::string& id) {
  MAILROOM_TRY_VOID(any_number(database_.run("DELETE FROM likeness WHERE page = ?1 OR other = ?1", id)));
  MAILROOM_TRY_VOID(any_number(database_.run(
      "UPDATE received_file SET name = '' WHERE batch = (SELECT batch FROM page WHERE id = ?1)", id)));
  // A failure keeps it from being read again.
  return changed_one(database_.run("UPDATE page SET report = NULL, failure = ?2 WHERE id = ?1", id,
                                   json({{"code", name_of(Errc::cancelled)}, {"text", "erased"}}).dump()),
                     "page");
}

Result<void> Erasures::blank_document(const std::string& id) {
  MAILROOM_TRY_VOID(changed_one(
      database_.run("UPDATE document SET fields = '[]', reference = '', remarks = '[]' WHERE id = ?1", id),
      "document"));
  // Creditor, number and amount of an invoice tell about a person as much as its fields do.
  MAILROOM_TRY_VOID(any_number(database_.run("DELETE FROM invoice WHERE document = ?1", id)));
  MAILROOM_TRY_VOID(any_number(database_.run("DELETE FROM document_record WHERE document = ?1", id)));
  MAILROOM_TRY_VOID(any_number(database_.run(
      "UPDATE edit SET arguments = json_remove(arguments, '$.value') WHERE EXISTS (SELECT 1 FROM "
      "document AS d WHERE d.id = ?1 AND d.batch = edit.batch AND instr(edit.arguments, d.key) > 0)",
      id)));
  MAILROOM_TRY_VOID(any_number(database_.run(
      "UPDATE quality SET note = '' WHERE EXISTS (SELECT 1 FROM document AS d WHERE d.id = ?1 AND "
      "d.batch = quality.batch AND instr(quality.pages, d.key) > 0)",
      id)));
  return any_number(database_.run("DELETE FROM content WHERE document = ?1", id));
}

Result<void> Erasures::blank_delivery(const std::string& id, const std::string& remainder) {
  MAILROOM_TRY_VOID(changed_one(
      database_.run("UPDATE outbox SET manifest = ?2, answer = iif(answer = '', '', '{}') WHERE id = ?1", id,
                    remainder),
      "delivery"));
  MAILROOM_TRY_VOID(any_number(database_.run("UPDATE progress SET text = '' WHERE delivery = ?1", id)));
  return any_number(
      database_.run("UPDATE dead_letter SET payload = x'' WHERE instr(payload, CAST(?1 AS BLOB)) > 0", id));
}

Result<void> Erasures::blank_clarifications(const std::string& batch, const std::string& subject) {
  MAILROOM_TRY_VOID(any_number(database_.run(
      "UPDATE resolution SET arguments = json_remove(arguments, '$.note', '$.reason') "
      "WHERE batch = ?1 AND clarification_key IN (SELECT key FROM clarification WHERE batch = ?1 AND EXISTS "
      "(SELECT 1 FROM json_each(body, '$.subjects') WHERE value = ?2))",
      batch, subject)));
  return any_number(database_.run(
      "UPDATE clarification SET body = json_set(body, '$.values', json('{}'), '$.text_de', 'gelöscht', "
      "'$.text_en', 'erased') WHERE batch = ?1 AND EXISTS "
      "(SELECT 1 FROM json_each(body, '$.subjects') WHERE value = ?2)",
      batch, subject));
}

}  // namespace mailroom::archive
