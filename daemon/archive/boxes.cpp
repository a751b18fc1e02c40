#include "daemon/archive/boxes.h"

#include <cstdio>

#include "daemon/archive/rows.h"

namespace mailroom::archive {
namespace {

#define BOX_COLUMNS "id, number, fate, label, state, opened_at, closed_at, destruction"

Result<Box> read_box(const Statement& row) {
  Box box;
  box.id = row.text(0);
  box.number = row.text(1);
  MAILROOM_TRY(box.fate, originals_from(row.text(2)));
  box.label = row.text(3);
  box.state = row.text(4);
  box.opened_at = row.text(5);
  box.closed_at = row.text(6);
  if (!row.text(7).empty()) box.destruction = nlohmann::json::parse(row.text(7), nullptr, false);
  if (!box.destruction.is_object()) return fail(Errc::corrupt, "the catalogue holds a box that is not JSON");
  return box;
}

}  // namespace

Result<std::string> Boxes::insert(const Box& box, Timestamp now) {
  const std::string year = to_iso_date(now).substr(2, 2);
  MAILROOM_TRY(auto counter,
               database_.query("INSERT INTO counter (name, value) VALUES (?1, 1) ON CONFLICT (name) "
                               "DO UPDATE SET value = value + 1 RETURNING value",
                               "box-" + year));
  MAILROOM_TRY([[maybe_unused]] const bool found, counter.next());
  char number[32];
  std::snprintf(number, sizeof number, "K-%s-%04lld", year.c_str(),
                static_cast<long long>(counter.integer(0)));
  MAILROOM_TRY([[maybe_unused]] const bool more, counter.next());  // to its end, or it stays open
  MAILROOM_TRY_VOID(changed_one(
      database_.run("INSERT INTO box (id, number, fate, label, opened_at) "
                    "VALUES (?1, ?2, ?3, ?4, ?5)",
                    box.id, std::string_view(number), name_of(box.fate), box.label, to_rfc3339(now)),
      "box"));
  return std::string(number);
}

Result<Box> Boxes::get(const std::string& id_or_number) const {
  MAILROOM_TRY(auto found,
               row_of<Box>(database_.query("SELECT " BOX_COLUMNS " FROM box WHERE id = ?1 OR number = ?1",
                                           id_or_number),
                           read_box));
  if (!found) return fail(Errc::not_found, "there is no such box");
  return *std::move(found);
}

Result<std::vector<Box>> Boxes::all() const {
  return rows_of<Box>(database_.query("SELECT " BOX_COLUMNS " FROM box ORDER BY id DESC"), read_box);
}

Result<void> Boxes::close(const std::string& id, Timestamp now) {
  return changed_one(database_.run("UPDATE box SET state = 'closed', closed_at = ?2 "
                                   "WHERE id = ?1 AND state = 'open'",
                                   id, to_rfc3339(now)),
                     "open box");
}

Result<void> Boxes::record_destruction(const std::string& id, const nlohmann::json& destruction) {
  return changed_one(database_.run("UPDATE box SET state = 'destroyed', destruction = ?2 "
                                   "WHERE id = ?1 AND state = 'closed'",
                                   id, destruction.dump()),
                     "closed box");
}

Result<std::string> Boxes::last_backup() const {
  MAILROOM_TRY(
      auto found,
      row_of<std::string>(
          database_.query("SELECT coalesce(max(time), '') FROM audit WHERE action = 'backup.finished'"),
          [](const Statement& row) -> Result<std::string> { return row.text(0); }));
  return found.value_or("");
}

}  // namespace mailroom::archive
