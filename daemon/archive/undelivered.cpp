#include "daemon/archive/undelivered.h"

#include "daemon/archive/rows.h"

namespace mailroom::archive {

Result<int> Undelivered::pass_over(const std::string& id) {
  MAILROOM_TRY(auto row, database_.query("UPDATE outbox SET passed_over = passed_over + 1 WHERE id = ?1 "
                                         "RETURNING passed_over",
                                         id));
  MAILROOM_TRY(const bool found, row.next());
  if (!found) return fail(Errc::not_found, "there is no such delivery");
  const int count = int(row.integer(0));
  MAILROOM_TRY([[maybe_unused]] const bool more, row.next());  // to its end, or it stays open
  return count;
}

Result<bool> Undelivered::answered_any_since(const std::string& recipient, const std::string& time) const {
  MAILROOM_TRY(
      auto found,
      database_.query(
          "SELECT 1 FROM outbox INDEXED BY outbox_answered WHERE recipient = ?1 AND answered_at != '' "
          "AND answered_at > ?2 LIMIT 1",
          recipient, time));
  return found.next();
}

Result<void> Undelivered::bury(const std::string& id) {
  return changed_one(database_.run("UPDATE outbox SET state = 'dead' WHERE id = ?1 AND state = 'owed'", id),
                     "delivery that is owed");
}

Result<void> Undelivered::owe_again(const std::string& id, Timestamp now) {
  return changed_one(
      database_.run("UPDATE outbox SET state = 'owed', attempts = 0, passed_over = 0, "
                    "last_attempt = '', next_due = ?2 WHERE id = ?1 AND state IN ('owed', 'dead')",
                    id, to_rfc3339(now)),
      "delivery that is owed or dead");
}

Result<void> Undelivered::withdraw_owed(const std::string& document) {
  MAILROOM_TRY([[maybe_unused]] const int rows,
               database_.run("UPDATE outbox SET state = 'withdrawn' WHERE document = ?1 "
                             "AND state IN ('owed', 'dead')",
                             document));
  return {};
}

Result<void> Undelivered::record_after_withdrawal(const std::string& id, const std::string& record) {
  return changed_one(
      database_.run("UPDATE outbox SET record = ?2 WHERE id = ?1 AND state = 'withdrawn'", id, record),
      "withdrawn delivery");
}

Result<std::vector<std::string>> Undelivered::in_state(std::string_view state, int limit) const {
  return rows_of<std::string>(
      database_.query("SELECT id FROM outbox WHERE state = ?1 ORDER BY id LIMIT ?2", state, limit),
      [](const Statement& row) -> Result<std::string> { return row.text(0); });
}

Result<std::vector<KeptDeadLetter>> Undelivered::latest_dead_letters(int limit) const {
  return rows_of<KeptDeadLetter>(
      database_.query("SELECT id, at, recipient, topic, reason, sha256, size, payload FROM dead_letter "
                      "ORDER BY id DESC LIMIT ?1",
                      limit),
      [](const Statement& row) -> Result<KeptDeadLetter> {
        return KeptDeadLetter{
            row.text(0),
            row.text(1),
            {row.text(2), row.text(3), row.text(4), row.text(5), std::uint64_t(row.integer(6)), row.blob(7)}};
      });
}

Result<bool> Undelivered::insert_held_elsewhere(const HeldElsewhere& held, Timestamp at, int most) {
  MAILROOM_TRY(auto count,
               database_.query("SELECT count(*) FROM held_elsewhere WHERE recipient = ?1", held.recipient));
  MAILROOM_TRY([[maybe_unused]] const bool found, count.next());
  if (count.integer(0) >= most) return false;
  MAILROOM_TRY([[maybe_unused]] const int rows,
               database_.run("INSERT INTO held_elsewhere (id, recipient, record, contents, at) "
                             "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
                             held.id, held.recipient, held.record, held.contents, to_rfc3339(at)));
  return true;
}

Result<std::vector<HeldElsewhere>> Undelivered::held_elsewhere() const {
  return rows_of<HeldElsewhere>(
      database_.query(
          "SELECT id, recipient, record, contents, at, settled_by, settled_at FROM held_elsewhere "
          "ORDER BY id"),
      [](const Statement& row) -> Result<HeldElsewhere> {
        return HeldElsewhere{row.text(0), row.text(1), row.text(2), row.text(3),
                             row.text(4), row.text(5), row.text(6)};
      });
}

Result<void> Undelivered::settle_held_elsewhere(const std::string& id, const std::string& person,
                                                Timestamp at) {
  return changed_one(database_.run("UPDATE held_elsewhere SET settled_by = ?2, settled_at = ?3 "
                                   "WHERE id = ?1 AND settled_by = ''",
                                   id, person, to_rfc3339(at)),
                     "unsettled delivery that a recipient holds");
}

}  // namespace mailroom::archive
