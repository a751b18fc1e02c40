#include "daemon/archive/audit.h"

#include <algorithm>
#include <map>
#include <optional>

#include "daemon/crypto/canonical_json.h"
#include "daemon/crypto/digest.h"

namespace mailroom::archive {
namespace {

using nlohmann::json;

constexpr std::string_view kColumns =
    "SELECT seq, time, actor, action, subjects, details, previous, hash FROM audit ";
constexpr std::string_view kHashPrefix = "mailroom audit 1\n";

/// Steps of several threads may be recorded a little out of order.
constexpr std::chrono::seconds kClockTolerance{5};

const std::string& zeros() {
  static const std::string text(64, '0');
  return text;
}

tl::unexpected<Error> fail_at(std::int64_t seq, const std::string& what) {
  return fail(Errc::corrupt, "audit entry " + std::to_string(seq) + " " + what, {},
              "compare with the backup and with the heads that the recipients noted");
}

/// A row as it is stored; the JSON columns are checked by whoever needs them.
struct Row {
  std::int64_t seq;
  std::string time, actor, action, subjects, details, previous, hash;
};

Row row_in(const Statement& statement) {
  return {statement.integer(0), statement.text(1), statement.text(2), statement.text(3),
          statement.text(4),    statement.text(5), statement.text(6), statement.text(7)};
}

Result<AuditEntry> entry_from(const Row& row) {
  const auto subjects = json::parse(row.subjects, nullptr, false);
  const auto details = json::parse(row.details, nullptr, false);
  const auto is_text = [](const json& value) { return value.is_string(); };
  if (!subjects.is_array() || !std::all_of(subjects.begin(), subjects.end(), is_text) ||
      !details.is_object()) {
    return fail_at(row.seq, "is damaged: its subjects or details are not what they were");
  }
  return AuditEntry{row.seq,
                    row.time,
                    {row.actor, row.action, subjects.get<std::vector<std::string>>(), details},
                    row.previous,
                    row.hash};
}

/// Checks one row against its predecessor and gives it as the new head.
Result<AuditHead> check_link(const Row& row, const AuditHead& before) {
  const auto expected = before.seq + 1;
  if (row.seq != expected) return fail_at(expected, "is missing");
  MAILROOM_TRY(const auto entry, entry_from(row));
  const auto hash = audit_hash(entry);
  // Text that parses to the same values but was written otherwise is a change as well.
  const bool as_written =
      json(entry.record.subjects).dump() == row.subjects && entry.record.details.dump() == row.details;
  if (!hash || *hash != row.hash || !as_written)
    return fail_at(row.seq, "was changed: it does not fit its hash");
  if (row.previous != before.hash) return fail_at(row.seq, "is not linked to the entry before it");
  return AuditHead{row.seq, row.hash};
}

Result<void> check_witness(const std::map<std::int64_t, std::string>& witnessed, const AuditHead& head) {
  const auto found = witnessed.find(head.seq);
  if (found == witnessed.end() || found->second == head.hash) return {};
  return fail_at(head.seq, "is not the one that a recipient has witnessed: the log was rewritten");
}

/// The index by subject is not hashed itself, so it is compared with the entries.
Result<void> check_index(Database& database) {
  MAILROOM_TRY(
      auto hidden,
      database.query("SELECT min(seq) FROM audit, json_each(audit.subjects) AS s WHERE NOT EXISTS "
                     "(SELECT 1 FROM audit_subject AS i WHERE i.subject = s.value AND i.seq = audit.seq)"));
  MAILROOM_TRY(const bool found, hidden.next());
  if (!found || hidden.is_null(0)) return {};
  return fail_at(hidden.integer(0), "is missing from the index of subjects");
}

}  // namespace

constinit const std::string_view kAuditSchema = R"sql(
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  time TEXT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subjects TEXT NOT NULL,
  details TEXT NOT NULL,
  previous TEXT NOT NULL UNIQUE,
  hash TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE audit_subject (
  subject TEXT NOT NULL,
  seq INTEGER NOT NULL REFERENCES audit,
  PRIMARY KEY (subject, seq)) STRICT, WITHOUT ROWID;
CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_never_forgets BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
)sql";

Result<std::string> audit_hash(const AuditEntry& entry) {
  MAILROOM_TRY(const auto text, canonical_json({{"action", entry.record.action},
                                                {"actor", entry.record.actor},
                                                {"details", entry.record.details},
                                                {"previous", entry.previous},
                                                {"seq", entry.seq},
                                                {"subjects", entry.record.subjects},
                                                {"time", entry.time}}));
  return sha256_hex(as_bytes(std::string(kHashPrefix) + text));
}

Result<AuditHead> audit_head(Database& database) {
  MAILROOM_TRY(auto last, database.query("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1"));
  MAILROOM_TRY(const bool found, last.next());
  if (!found) return AuditHead{0, zeros()};
  return AuditHead{last.integer(0), last.text(1)};
}

namespace {

Result<AuditHead> append_entry(Database& database, const AuditHead& before, const std::string& time,
                               const AuditRecord& record) {
  AuditEntry entry{before.seq + 1, time, record, before.hash, {}};
  MAILROOM_TRY(entry.hash, audit_hash(entry));
  MAILROOM_TRY(const auto subjects, canonical_json(record.subjects));
  MAILROOM_TRY(const auto details, canonical_json(record.details));
  MAILROOM_TRY_VOID(database.run("INSERT INTO audit VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", entry.seq,
                                 entry.time, record.actor, record.action, subjects, details, entry.previous,
                                 entry.hash));
  for (const auto& subject : record.subjects) {
    MAILROOM_TRY_VOID(
        database.run("INSERT OR IGNORE INTO audit_subject VALUES (?1, ?2)", subject, entry.seq));
  }
  return AuditHead{entry.seq, entry.hash};
}

Result<std::optional<Timestamp>> time_of_last(Database& database) {
  MAILROOM_TRY(auto last, database.query("SELECT time FROM audit ORDER BY seq DESC LIMIT 1"));
  MAILROOM_TRY(const bool found, last.next());
  if (!found) return std::optional<Timestamp>();
  MAILROOM_TRY(const Timestamp time, from_rfc3339(last.text(0)));
  return std::optional(time);
}

}  // namespace

Result<AuditHead> append_audit(Transaction& transaction, Timestamp time, const AuditRecord& record) {
  auto& database = transaction.database();
  if (!record.details.is_object())
    return fail(Errc::invalid_input, "the details of an audit entry are an object");
  MAILROOM_TRY(auto head, audit_head(database));
  MAILROOM_TRY(const auto last, time_of_last(database));
  if (last && time + kClockTolerance < *last) {
    MAILROOM_TRY(head, append_entry(database, head, to_rfc3339(time),
                                    {"daemon", "clock.went_back", {}, {{"from", to_rfc3339(*last)}}}));
  }
  return append_entry(database, head, to_rfc3339(time), record);
}

Result<std::vector<AuditEntry>> read_audit(Database& database, std::string_view subject,
                                           std::int64_t after_seq, int limit) {
  auto found =
      subject.empty()
          ? database.query(std::string(kColumns) + "WHERE seq > ?1 ORDER BY seq LIMIT ?2", after_seq, limit)
          : database.query(
                std::string(kColumns) +
                    "JOIN audit_subject USING (seq) WHERE subject = ?3 AND seq > ?1 ORDER BY seq LIMIT ?2",
                after_seq, limit, subject);
  if (!found) return fail(std::move(found).error());
  std::vector<AuditEntry> entries;
  for (;;) {
    MAILROOM_TRY(const bool more, found->next());
    if (!more) return entries;
    MAILROOM_TRY(auto entry, entry_from(row_in(*found)));
    entries.push_back(std::move(entry));
  }
}

Result<AuditHead> verify_audit_chain(Database& database, const std::vector<AuditHead>& witnessed) {
  std::map<std::int64_t, std::string> heads;
  for (const auto& head : witnessed) heads[head.seq] = head.hash;
  MAILROOM_TRY(auto rows, database.query(std::string(kColumns) + "ORDER BY seq"));
  AuditHead head{0, zeros()};
  for (;;) {
    MAILROOM_TRY(const bool more, rows.next());
    if (!more) break;
    MAILROOM_TRY(head, check_link(row_in(rows), head));
    MAILROOM_TRY_VOID(check_witness(heads, head));
  }
  if (!heads.empty() && heads.rbegin()->first > head.seq) {
    return fail_at(head.seq + 1, "is missing: recipients have witnessed entries up to " +
                                     std::to_string(heads.rbegin()->first));
  }
  MAILROOM_TRY_VOID(check_index(database));
  return head;
}

}  // namespace mailroom::archive
