#include "daemon/archive/persons_work.h"

#include "daemon/archive/rows.h"

namespace mailroom::archive {
namespace {

using nlohmann::json;

Result<EditRow> read_edit(const Statement& row) {
  EditRow edit{
      row.text(0), row.text(1), int(row.integer(2)), row.text(3), json::parse(row.text(4), nullptr, false),
      row.text(5), row.text(6), row.text(7),         row.text(8)};
  if (!edit.arguments.is_object()) return fail(Errc::corrupt, "the catalogue holds an edit that is not JSON");
  return edit;
}

Result<std::vector<std::string>> texts_in(const std::string& text) {
  const json list = json::parse(text, nullptr, false);
  if (!list.is_array()) return fail(Errc::corrupt, "the catalogue holds a list that is not JSON");
  std::vector<std::string> texts;
  for (const auto& item : list) {
    if (!item.is_string()) return fail(Errc::corrupt, "the catalogue holds a list that is not of texts");
    texts.push_back(item.get<std::string>());
  }
  return texts;
}

Result<QualityRow> read_quality(const Statement& row) {
  QualityRow quality;
  quality.id = row.text(0);
  quality.batch = row.text(1);
  MAILROOM_TRY(quality.pages, texts_in(row.text(2)));
  quality.outcome = row.text(3);
  MAILROOM_TRY(quality.wrong, texts_in(row.text(4)));
  quality.note = row.text(5);
  quality.person = row.text(6);
  quality.at = row.text(7);
  return quality;
}

}  // namespace

Result<void> PersonsWork::insert(EditRow row, Timestamp now) {
  return changed_one(
      database_.run("INSERT INTO edit (id, batch, seq, kind, arguments, person, at) VALUES (?1, ?2, "
                    "(SELECT coalesce(max(seq), 0) + 1 FROM edit WHERE batch = ?2), ?3, ?4, ?5, ?6)",
                    row.id, row.batch, row.kind, row.arguments.dump(), row.person, to_rfc3339(now)),
      "edit");
}

Result<void> PersonsWork::mark_undone(const std::string& id, const std::string& person, Timestamp now) {
  return changed_one(database_.run("UPDATE edit SET undone_by = ?2, undone_at = ?3 "
                                   "WHERE id = ?1 AND undone_by = ''",
                                   id, person, to_rfc3339(now)),
                     "edit");
}

Result<std::vector<EditRow>> PersonsWork::edits_of(const std::string& batch) const {
  return rows_of<EditRow>(
      database_.query("SELECT id, batch, seq, kind, arguments, person, at, undone_by, undone_at "
                      "FROM edit WHERE batch = ?1 ORDER BY seq",
                      batch),
      read_edit);
}

Result<void> PersonsWork::insert(const QualityRow& row, Timestamp now) {
  return changed_one(database_.run("INSERT INTO quality (id, batch, pages, outcome, wrong, note, person, at) "
                                   "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                                   row.id, row.batch, json(row.pages).dump(), row.outcome,
                                   json(row.wrong).dump(), row.note, row.person, to_rfc3339(now)),
                     "quality result");
}

Result<std::vector<QualityRow>> PersonsWork::quality_of(const std::string& batch) const {
  return rows_of<QualityRow>(database_.query("SELECT id, batch, pages, outcome, wrong, note, person, at "
                                             "FROM quality WHERE batch = ?1 ORDER BY id",
                                             batch),
                             read_quality);
}

}  // namespace mailroom::archive
