#include "daemon/archive/batch_fate.h"

namespace mailroom::archive {

Result<std::string> restored_at(Database& database, const std::string& batch) {
  MAILROOM_TRY(auto found, database.query("SELECT at FROM restored_batch WHERE batch = ?1", batch));
  MAILROOM_TRY(const bool restored, found.next());
  return restored ? found.text(0) : std::string();
}

Result<bool> originals_released(Database& database, const std::string& batch) {
  MAILROOM_TRY(auto found, database.query("SELECT 1 FROM originals_release WHERE batch = ?1", batch));
  return found.next();
}

Result<bool> release_originals(Database& database, const std::string& batch, const std::string& person,
                               Timestamp now) {
  MAILROOM_TRY(const int rows,
               database.run("INSERT INTO originals_release (batch, person, at) VALUES (?1, ?2, ?3) "
                            "ON CONFLICT DO NOTHING",
                            batch, person, to_rfc3339(now)));
  return rows == 1;
}

Result<bool> originals_are_released_here(Database& database) {
  MAILROOM_TRY(auto found, database.query("SELECT 1 FROM originals_release LIMIT 1"));
  return found.next();
}

}  // namespace mailroom::archive
