#include "daemon/archive/badges.h"

#include "daemon/archive/rows.h"

namespace mailroom::archive {
namespace {

#define BADGE_COLUMNS "fingerprint, user, certificate, enrolled_at, withdrawn_at"

Result<Badge> read_badge(const Statement& row) {
  return Badge{row.text(0), row.text(1), row.text(2), row.text(3), row.text(4)};
}

}  // namespace

Result<void> Badges::insert(const Badge& badge, Timestamp now) {
  return changed_one(database_.run("INSERT INTO badge (fingerprint, user, certificate, enrolled_at) "
                                   "VALUES (?1, ?2, ?3, ?4)",
                                   badge.fingerprint, badge.user, badge.certificate, to_rfc3339(now)),
                     "badge");
}

Result<std::optional<Badge>> Badges::find(const std::string& fingerprint) const {
  return row_of<Badge>(database_.query("SELECT " BADGE_COLUMNS " FROM badge "
                                       "WHERE fingerprint = ?1 AND withdrawn_at = ''",
                                       fingerprint),
                       read_badge);
}

Result<std::vector<Badge>> Badges::of_user(const std::string& user) const {
  return rows_of<Badge>(
      database_.query("SELECT " BADGE_COLUMNS " FROM badge WHERE user = ?1 ORDER BY enrolled_at", user),
      read_badge);
}

Result<void> Badges::withdraw(const std::string& fingerprint, Timestamp now) {
  return changed_one(
      database_.run("UPDATE badge SET withdrawn_at = ?2 WHERE fingerprint = ?1 AND withdrawn_at = ''",
                    fingerprint, to_rfc3339(now)),
      "badge");
}

}  // namespace mailroom::archive
