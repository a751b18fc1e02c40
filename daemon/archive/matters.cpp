#include "daemon/archive/matters.h"

#include "daemon/archive/rows.h"

namespace mailroom::archive {
namespace {

#define MATTER_COLUMNS                                                                                    \
  "id, tracking, kiosk, matter, state, pseudonym, reading, begun_at, handed_in_at, fee, way, reference, " \
  "batch, "                                                                                               \
  "payment_batch, mailbox_certificate, mailbox_key"
#define PROOF_COLUMNS "matter_proof.matter, proof, digest, sides, first_on, earlier"
#define ATTEMPT_COLUMNS "id, matter, terminal, state, record, outcome, begun_at"

Result<MatterRow> read_matter(const Statement& row) {
  return MatterRow{row.text(0),  row.text(1),  row.text(2),  row.text(3),         row.text(4),  row.text(5),
                   row.text(6),  row.text(7),  row.text(8),  int(row.integer(9)), row.text(10), row.text(11),
                   row.text(12), row.text(13), row.text(14), row.blob(15)};
}

Result<MatterProofRow> read_proof(const Statement& row) {
  return MatterProofRow{row.text(0), row.text(1), row.text(2), int(row.integer(3)), row.text(4), row.text(5)};
}

Result<PaymentAttemptRow> read_attempt(const Statement& row) {
  return PaymentAttemptRow{row.text(0), row.text(1), row.text(2), row.text(3),
                           row.text(4), row.text(5), row.text(6)};
}

Result<MatterReplyRow> read_reply(const Statement& row) {
  return MatterReplyRow{row.text(0),    int(row.integer(1)), row.text(2),
                        row.integer(3), row.text(4),         row.blob(5)};
}

}  // namespace

Result<void> Matters::insert(const MatterRow& matter, Timestamp now) {
  const bool handed_in = matter.state != kPaying;
  return changed_one(
      database_.run(
          "INSERT INTO matter (" MATTER_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
          "?11, ?12, '', '', ?13, ?14)",
          matter.id, matter.tracking, matter.kiosk, matter.matter, matter.state, matter.pseudonym,
          matter.reading, to_rfc3339(now), handed_in ? to_rfc3339(now) : std::string(), matter.fee_cents,
          matter.way, matter.reference, matter.mailbox_certificate, ByteView(matter.mailbox_key)),
      "matter");
}

Result<void> Matters::insert_proof(const MatterProofRow& proof) {
  return changed_one(
      database_.run("INSERT INTO matter_proof (matter, proof, digest, sides, first_on, earlier) "
                    "VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                    proof.matter, proof.proof, proof.digest, proof.sides, proof.on, proof.earlier),
      "proof");
}

Result<void> Matters::hand_in(const std::string& id, const std::string& way, Timestamp now) {
  return changed_one(database_.run("UPDATE matter SET state = 'handed_in', way = ?2, handed_in_at = ?3 "
                                   "WHERE id = ?1 AND state = 'paying'",
                                   id, way, to_rfc3339(now)),
                     "matter that is being paid");
}

Result<void> Matters::receive(const std::string& id, const std::string& batch,
                              const std::string& payment_batch) {
  return changed_one(database_.run("UPDATE matter SET state = 'received', batch = ?2, payment_batch = ?3 "
                                   "WHERE id = ?1 AND state = 'handed_in'",
                                   id, batch, payment_batch),
                     "matter that was handed in");
}

Result<void> Matters::remove(const std::string& id) {
  MAILROOM_TRY([[maybe_unused]] const int proofs,
               database_.run("DELETE FROM matter_proof WHERE matter = ?1", id));
  MAILROOM_TRY([[maybe_unused]] const int attempts,
               database_.run("DELETE FROM payment_attempt WHERE matter = ?1 AND state = 'not_paid'", id));
  return changed_one(database_.run("DELETE FROM matter WHERE id = ?1 AND state = 'paying'", id),
                     "matter that is being paid");
}

Result<std::optional<MatterRow>> Matters::find(const std::string& id) const {
  return row_of<MatterRow>(database_.query("SELECT " MATTER_COLUMNS " FROM matter WHERE id = ?1", id),
                           read_matter);
}

Result<std::optional<MatterRow>> Matters::find_tracking(const std::string& tracking) const {
  return row_of<MatterRow>(
      database_.query("SELECT " MATTER_COLUMNS " FROM matter WHERE tracking = ?1", tracking), read_matter);
}

Result<std::optional<MatterRow>> Matters::of_batch(const std::string& batch) const {
  return row_of<MatterRow>(database_.query("SELECT " MATTER_COLUMNS " FROM matter WHERE batch = ?1", batch),
                           read_matter);
}

Result<std::vector<MatterRow>> Matters::in_state(std::string_view state) const {
  return rows_of<MatterRow>(
      database_.query("SELECT " MATTER_COLUMNS " FROM matter WHERE state = ?1 ORDER BY id", state),
      read_matter);
}

Result<std::vector<MatterProofRow>> Matters::proofs_of(const std::string& matter) const {
  return rows_of<MatterProofRow>(
      database_.query("SELECT " PROOF_COLUMNS " FROM matter_proof WHERE matter = ?1 ORDER BY proof", matter),
      read_proof);
}

Result<std::optional<MatterProofRow>> Matters::earlier_proof(const std::string& pseudonym,
                                                             const std::string& matter,
                                                             const std::string& proof,
                                                             const std::string& since) const {
  if (pseudonym.empty()) return std::optional<MatterProofRow>();
  return row_of<MatterProofRow>(
      database_.query(
          "SELECT " PROOF_COLUMNS " FROM matter_proof JOIN matter ON matter.id = matter_proof.matter "
          "WHERE matter.pseudonym = ?1 AND matter.matter = ?2 AND matter_proof.proof = ?3 AND "
          "matter.state <> 'paying' AND earlier = '' AND first_on >= ?4 ORDER BY matter.id DESC LIMIT 1",
          pseudonym, matter, proof, since),
      read_proof);
}

Result<std::string> Matters::tracking_of(const std::string& matter) const {
  MAILROOM_TRY(const auto row, find(matter));
  return row ? row->tracking : std::string();
}

Result<void> Matters::insert_attempt(const PaymentAttemptRow& attempt, Timestamp now) {
  return changed_one(
      database_.run("INSERT INTO payment_attempt (" ATTEMPT_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                    attempt.id, attempt.matter, attempt.terminal, attempt.state, attempt.record,
                    attempt.outcome, to_rfc3339(now)),
      "payment");
}

Result<void> Matters::end_attempt(const std::string& id, std::string_view state, const std::string& outcome) {
  return changed_one(
      database_.run("UPDATE payment_attempt SET state = ?2, outcome = ?3 WHERE id = ?1 AND state IN "
                    "('running', 'unknown')",
                    id, state, outcome),
      "payment that is open");
}

Result<std::vector<PaymentAttemptRow>> Matters::attempts_of(const std::string& matter) const {
  return rows_of<PaymentAttemptRow>(
      database_.query("SELECT " ATTEMPT_COLUMNS " FROM payment_attempt WHERE matter = ?1 ORDER BY id",
                      matter),
      read_attempt);
}

Result<std::vector<PaymentAttemptRow>> Matters::open_attempts() const {
  return rows_of<PaymentAttemptRow>(
      database_.query("SELECT " ATTEMPT_COLUMNS
                      " FROM payment_attempt WHERE state IN ('running', 'unknown') ORDER BY id"),
      read_attempt);
}

Result<void> Matters::insert_reply(const MatterReplyRow& reply, Timestamp now) {
  MAILROOM_TRY(
      [[maybe_unused]] const int entered,
      database_.run(
          "INSERT OR IGNORE INTO matter_reply (matter, number, delivery, seq, at, sealed) SELECT ?1, "
          "(SELECT coalesce(max(number), 0) + 1 FROM matter_reply WHERE matter = ?1), ?2, ?3, ?4, ?5",
          reply.matter, reply.delivery, reply.seq, to_rfc3339(now), ByteView(reply.sealed)));
  return {};
}

Result<std::vector<MatterReplyRow>> Matters::replies_to(const std::string& matter) const {
  return rows_of<MatterReplyRow>(
      database_.query("SELECT matter, number, delivery, seq, at, sealed FROM matter_reply WHERE matter = ?1 "
                      "ORDER BY number",
                      matter),
      read_reply);
}

Result<std::vector<MatterStep>> Matters::steps_of(const std::string& matter) const {
  return rows_of<MatterStep>(
      database_.query(
          "SELECT handed_in_at AS at, 'handed_in', '' FROM matter WHERE id = ?1 AND handed_in_at <> '' UNION "
          "ALL "
          "SELECT sealed_at, 'on_its_way', '' FROM matter JOIN document USING (batch) WHERE matter.id = ?1 "
          "AND "
          "sealed_at <> '' UNION ALL "
          "SELECT receipted_at, 'arrived', '' FROM matter JOIN document USING (batch) WHERE matter.id = ?1 "
          "AND "
          "receipted_at <> '' UNION ALL "
          "SELECT progress.at, progress.step, progress.text FROM matter JOIN document ON document.batch IN "
          "(matter.batch, matter.payment_batch) JOIN outbox ON outbox.document = document.id JOIN progress "
          "ON "
          "progress.delivery = outbox.id WHERE matter.id = ?1 UNION ALL "
          "SELECT at, 'answered', '' FROM matter_reply WHERE matter = ?1 ORDER BY at",
          matter),
      [](const Statement& row) -> Result<MatterStep> {
        return MatterStep{row.text(0), row.text(1), row.text(2)};
      });
}

Result<void> Matters::count_opinion(const std::string& kiosk, const std::string& month, int easy) {
  return changed_one(
      database_.run("INSERT INTO kiosk_opinion (kiosk, month, easy, count) VALUES (?1, ?2, ?3, 1) "
                    "ON CONFLICT (kiosk, month, easy) DO UPDATE SET count = count + 1",
                    kiosk, month, easy),
      "opinion");
}

}  // namespace mailroom::archive
