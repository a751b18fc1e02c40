#include "daemon/archive/search.h"

#include <algorithm>
#include <map>

#include "daemon/archive/rows.h"

namespace mailroom::archive {
namespace {

Result<std::string> read_text(const Statement& row) {
  return row.text(0);
}

/// Stands for itself in LIKE ... ESCAPE '\'.
std::string literally(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

double median_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

}  // namespace

Result<std::vector<std::string>> find_documents(Database& database, const DocumentQuery& query, int limit) {
  const std::string like = query.text.empty() ? "" : "%" + literally(query.text) + "%";
  return rows_of<std::string>(
      database.query(
          "SELECT d.id FROM document AS d JOIN batch AS b ON b.id = d.batch "
          "LEFT JOIN box AS x ON x.id = b.box WHERE "
          "(?1 = '' OR d.number LIKE ?1 ESCAPE '\\' OR d.reference LIKE ?1 ESCAPE '\\' OR EXISTS "
          "(SELECT 1 FROM json_each(d.fields) AS f WHERE f.value ->> '$.value' LIKE ?1 ESCAPE '\\')) "
          "AND (?2 = '' OR b.number = ?2) AND (?3 = '' OR x.number = ?3) AND (?4 = '' OR d.class = ?4) "
          "AND (?5 = '' OR d.department = ?5) AND (?6 = '' OR d.state = ?6) "
          "AND (?7 = '' OR d.received_date >= ?7) AND (?8 = '' OR d.received_date <= ?8) "
          "AND (?9 = '' OR d.id < (SELECT id FROM document WHERE number = ?9)) "
          "ORDER BY d.id DESC LIMIT ?10",
          like, query.batch, query.box, query.document_class, query.department, query.state, query.from,
          query.to, query.before, limit),
      read_text);
}

Result<std::map<PageRole, int>> pages_by_role(Database& database, const std::string& batch) {
  MAILROOM_TRY(auto statement,
               database.query("SELECT role, count(*) FROM page WHERE batch = ?1 AND role <> '' "
                              "GROUP BY role",
                              batch));
  std::map<PageRole, int> counts;
  for (;;) {
    MAILROOM_TRY(const bool more, statement.next());
    if (!more) return counts;
    MAILROOM_TRY(const PageRole role, page_role_from(statement.text(0)));
    counts[role] = int(statement.integer(1));
  }
}

Result<std::vector<DatedProgress>> progress_of(Database& database, const std::string& delivery) {
  return rows_of<DatedProgress>(
      database.query("SELECT delivery, seq, step, text, at FROM progress WHERE delivery = ?1 ORDER BY seq",
                     delivery),
      [](const Statement& row) -> Result<DatedProgress> {
        return DatedProgress{{row.text(0), row.integer(1), row.text(2), row.text(3)}, row.text(4)};
      });
}

Result<std::vector<DatedDeadLetter>> latest_dead_letters(Database& database, int limit) {
  return rows_of<DatedDeadLetter>(
      database.query("SELECT id, at, recipient, topic, reason, sha256, size FROM dead_letter "
                     "ORDER BY id DESC LIMIT ?1",
                     limit),
      [](const Statement& row) -> Result<DatedDeadLetter> {
        return DatedDeadLetter{
            row.text(0),
            row.text(1),
            {row.text(2), row.text(3), row.text(4), row.text(5), std::uint64_t(row.integer(6)), {}}};
      });
}

Result<std::vector<SnapshotUse>> configuration_uses(Database& database) {
  return rows_of<SnapshotUse>(
      database.query("SELECT digest, first_used FROM config_snapshot ORDER BY first_used DESC"),
      [](const Statement& row) -> Result<SnapshotUse> {
        return SnapshotUse{row.text(0), row.text(1)};
      });
}

Result<std::optional<std::string>> configuration_snapshot(Database& database, const std::string& digest) {
  return row_of<std::string>(database.query("SELECT json FROM config_snapshot WHERE digest = ?1", digest),
                             read_text);
}

Result<std::vector<HourOfWork>> work_by_hour(Database& database, const std::string& since) {
  return rows_of<HourOfWork>(
      database.query("SELECT hour, sum(pages), sum(documents) FROM ("
                     "SELECT substr(captured_at, 1, 13) AS hour, 1 AS pages, 0 AS documents FROM page "
                     "WHERE captured_at >= ?1 UNION ALL "
                     "SELECT substr(created_at, 1, 13), 0, 1 FROM document WHERE created_at >= ?1) "
                     "GROUP BY hour ORDER BY hour",
                     since),
      [](const Statement& row) -> Result<HourOfWork> {
        return HourOfWork{row.text(0), int(row.integer(1)), int(row.integer(2))};
      });
}

Result<std::vector<MonthOfClass>> work_by_month(Database& database, const std::string& from,
                                                const std::string& to) {
  auto statement = database.query(
      "SELECT substr(d.received_date, 1, 7), d.class, "
      "(SELECT count(DISTINCT p.sheet) FROM document_page AS dp JOIN page AS p ON p.id = dp.page "
      "WHERE dp.document = d.id), "
      "NOT EXISTS (SELECT 1 FROM resolution AS r WHERE r.batch = d.batch) AND "
      "NOT EXISTS (SELECT 1 FROM edit AS e WHERE e.batch = d.batch AND e.kind <> 'confirm'), "
      "(julianday(d.receipted_at) - julianday((SELECT min(p.captured_at) FROM document_page AS dp "
      "JOIN page AS p ON p.id = dp.page WHERE dp.document = d.id))) * 24 "
      "FROM document AS d WHERE d.supersedes = '' AND (?1 = '' OR d.received_date >= ?1) "
      "AND (?2 = '' OR d.received_date <= ?2)",
      from, to);
  if (!statement) return fail(std::move(statement).error());
  std::map<std::pair<std::string, std::string>, std::pair<MonthOfClass, std::vector<double>>> months;
  for (;;) {
    MAILROOM_TRY(const bool more, statement->next());
    if (!more) break;
    auto& [month, hours] = months[{statement->text(0), statement->text(1)}];
    month.month = statement->text(0);
    month.document_class = statement->text(1);
    ++month.documents;
    month.sheets += int(statement->integer(2));
    month.untouched += int(statement->integer(3));
    if (!statement->is_null(4)) hours.push_back(statement->real(4));
  }
  std::vector<MonthOfClass> rows;
  for (auto& [key, entry] : months) {
    if (!entry.second.empty()) entry.first.median_hours = median_of(std::move(entry.second));
    rows.push_back(std::move(entry.first));
  }
  return rows;
}

Result<std::vector<RecipientWork>> work_by_recipient(Database& database) {
  return rows_of<RecipientWork>(
      database.query("SELECT recipient, sum(state = 'owed'), sum(state = 'stored'), "
                     "sum(state IN ('rejected', 'returned')) FROM outbox GROUP BY recipient"),
      [](const Statement& row) -> Result<RecipientWork> {
        return RecipientWork{row.text(0), int(row.integer(1)), int(row.integer(2)), int(row.integer(3))};
      });
}

}  // namespace mailroom::archive
