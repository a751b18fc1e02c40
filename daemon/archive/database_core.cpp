#include "daemon/archive/database_core.h"

#include <stdexcept>

#include "daemon/base/durable_file.h"

namespace mailroom::archive {
namespace {

constexpr std::size_t kIdlePerSql = 4;

/// What an operator should hear about a result code (sqlite.org/rescode.html).
Error explain(int extended) {
  switch (extended & 0xFF) {
    case SQLITE_FULL:
      return {Errc::disk_full, "the disk is full", {}, "free some space; intake goes on by itself"};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {Errc::corrupt,
              "the database is damaged",
              {},
              "stop the daemon and restore the data folder from the backup"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {Errc::busy, "the database is in use by another process", {}, "stop the other process"};
    case SQLITE_CONSTRAINT: return {Errc::conflict, "the row contradicts what is stored", {}, {}};
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
      return {Errc::refused,
              "the database cannot be opened for writing",
              {},
              "check owner and rights of the data folder"};
    default: return {Errc::io, "the database reported an I/O error", {}, "check the disk"};
  }
}

}  // namespace

tl::unexpected<Error> DatabaseCore::failure(int code, const std::string& doing) const {
  const int extended = connection ? sqlite3_extended_errcode(connection.get()) : code;
  const int known = (extended & 0xFF) == (code & 0xFF) ? extended : code;
  const std::string text = connection ? sqlite3_errmsg(connection.get()) : sqlite3_errstr(code);
  if (known == SQLITE_IOERR_FSYNC || known == SQLITE_IOERR_DIR_FSYNC) {
    throw FsyncFailed("fsync of " + file.string() + " failed");
  }
  if ((known & 0xFF) == SQLITE_ERROR || (known & 0xFF) == SQLITE_MISUSE || (known & 0xFF) == SQLITE_RANGE) {
    throw std::logic_error("wrong SQL while " + doing + ": " + text);
  }
  auto error = explain(known);
  error.what += " (" + doing + ": " + text + ")";
  error.place = Place::in_file(file.string());
  return fail(std::move(error));
}

Result<Prepared> DatabaseCore::take(std::string_view sql) {
  if (const auto found = idle.find(sql); found != idle.end() && !found->second.empty()) {
    auto statement = std::move(found->second.back());
    found->second.pop_back();
    return statement;
  }
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v3(connection.get(), sql.data(), int(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  Prepared statement(raw);
  if (code != SQLITE_OK) return failure(code, "preparing " + std::string(sql));
  if (!statement) throw std::logic_error("no SQL in: " + std::string(sql));
  return statement;
}

void DatabaseCore::give_back(Prepared statement) {
  sqlite3_reset(statement.get());
  sqlite3_clear_bindings(statement.get());
  auto& waiting = idle[sqlite3_sql(statement.get())];
  if (waiting.size() < kIdlePerSql) waiting.push_back(std::move(statement));
}

}  // namespace mailroom::archive
