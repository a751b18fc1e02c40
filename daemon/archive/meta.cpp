#include "daemon/archive/meta.h"

namespace mailroom::archive {

Result<std::string> meta(Database& database, std::string_view name) {
  MAILROOM_TRY(auto row, database.query("SELECT value FROM meta WHERE name = ?1", name));
  MAILROOM_TRY(const bool found, row.next());
  return found ? row.text(0) : std::string();
}

Result<std::int64_t> generation(Database& database) {
  MAILROOM_TRY(auto row,
               database.query("SELECT CAST(value AS INTEGER) FROM meta WHERE name = ?1", kGeneration));
  MAILROOM_TRY(const bool found, row.next());
  return found ? row.integer(0) : 0;
}

Result<void> set_meta(Database& database, std::string_view name, std::string_view value) {
  MAILROOM_TRY([[maybe_unused]] const int rows, database.run("INSERT INTO meta (name, value) VALUES (?1, ?2) "
                                                             "ON CONFLICT (name) DO UPDATE SET value = ?2",
                                                             name, value));
  return {};
}

}  // namespace mailroom::archive
