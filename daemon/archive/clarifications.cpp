#include "daemon/archive/clarifications.h"

#include "daemon/archive/rows.h"

namespace mailroom::archive {
namespace {

#define CLARIFICATION_COLUMNS \
  "id, batch, key, scope, reason, body, state, version, assignee, opened_at, closed_at"

Result<ClarificationRow> read_clarification(const Statement& row) {
  ClarificationRow clarification;
  clarification.id = row.text(0);
  clarification.batch = row.text(1);
  clarification.key = row.text(2);
  clarification.scope = row.text(3);
  clarification.reason = row.text(4);
  clarification.body = nlohmann::json::parse(row.text(5), nullptr, false);
  clarification.state = row.text(6);
  clarification.version = int(row.integer(7));
  clarification.assignee = row.text(8);
  clarification.opened_at = row.text(9);
  clarification.closed_at = row.text(10);
  if (!clarification.body.is_object())
    return fail(Errc::corrupt, "the catalogue holds a clarification that is not JSON");
  return clarification;
}

Result<ResolutionRow> read_resolution(const Statement& row) {
  ResolutionRow resolution{
      row.text(0), row.text(1), row.text(2), row.text(3), nlohmann::json::parse(row.text(4), nullptr, false),
      row.text(5), row.text(6)};
  if (!resolution.arguments.is_object())
    return fail(Errc::corrupt, "the catalogue holds a resolution that is not JSON");
  return resolution;
}

}  // namespace

Result<void> Clarifications::insert(const ClarificationRow& row, Timestamp now) {
  return changed_one(
      database_.run("INSERT INTO clarification (id, batch, key, scope, reason, body, state, opened_at) "
                    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                    row.id, row.batch, row.key, row.scope, row.reason, row.body.dump(), row.state,
                    to_rfc3339(now)),
      "clarification");
}

Result<void> Clarifications::set_body(const std::string& id, const nlohmann::json& body) {
  return changed_one(database_.run("UPDATE clarification SET body = ?2 WHERE id = ?1", id, body.dump()),
                     "clarification");
}

Result<void> Clarifications::set_state(const std::string& id, std::string_view state, Timestamp now) {
  const std::string closed = state == kOpen ? "" : to_rfc3339(now);
  return changed_one(
      database_.run("UPDATE clarification SET state = ?2, version = version + 1, closed_at = ?3 "
                    "WHERE id = ?1",
                    id, state, closed),
      "clarification");
}

Result<ClarificationRow> Clarifications::get(const std::string& id) const {
  MAILROOM_TRY(auto found,
               row_of<ClarificationRow>(
                   database_.query("SELECT " CLARIFICATION_COLUMNS " FROM clarification WHERE id = ?1", id),
                   read_clarification));
  if (!found) return fail(Errc::not_found, "there is no such clarification");
  return std::move(*found);
}

Result<std::vector<ClarificationRow>> Clarifications::of_batch(const std::string& batch) const {
  return rows_of<ClarificationRow>(database_.query("SELECT " CLARIFICATION_COLUMNS " FROM clarification "
                                                   "WHERE batch = ?1 ORDER BY id",
                                                   batch),
                                   read_clarification);
}

Result<std::vector<ClarificationRow>> Clarifications::open() const {
  return rows_of<ClarificationRow>(database_.query("SELECT " CLARIFICATION_COLUMNS " FROM clarification "
                                                   "WHERE state = 'open' ORDER BY id"),
                                   read_clarification);
}

Result<int> Clarifications::open_count(const std::string& batch) const {
  MAILROOM_TRY(auto statement, database_.query("SELECT count(*) FROM clarification WHERE batch = ?1 "
                                               "AND state = 'open'",
                                               batch));
  MAILROOM_TRY([[maybe_unused]] const bool found, statement.next());
  return int(statement.integer(0));
}

Result<void> Clarifications::insert_resolution(const ResolutionRow& row, Timestamp now) {
  return changed_one(
      database_.run("INSERT INTO resolution (id, batch, clarification_key, kind, arguments, person, at) "
                    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                    row.id, row.batch, row.clarification_key, row.kind, row.arguments.dump(), row.person,
                    to_rfc3339(now)),
      "resolution");
}

Result<std::vector<ResolutionRow>> Clarifications::resolutions_of(const std::string& batch) const {
  return rows_of<ResolutionRow>(
      database_.query("SELECT id, batch, clarification_key, kind, arguments, person, at "
                      "FROM resolution WHERE batch = ?1 ORDER BY id",
                      batch),
      read_resolution);
}

}  // namespace mailroom::archive
