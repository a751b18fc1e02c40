#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daemon/archive/database.h"

// For database*.cpp only: the one place that includes SQLite.
namespace mailroom::archive {

struct SqliteDeleter {
  void operator()(sqlite3* connection) const noexcept { sqlite3_close_v2(connection); }
  void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};
using Connection = std::unique_ptr<sqlite3, SqliteDeleter>;
using Prepared = std::unique_ptr<sqlite3_stmt, SqliteDeleter>;

/// The connection, the prepared statements that wait for their next use, by their SQL, and whether
/// a Transaction is open.
class DatabaseCore {
 public:
  DatabaseCore(std::filesystem::path path, Connection open)
      : file(std::move(path)), connection(std::move(open)) {}

  /// What SQLite says about `code` as an Error. Throws FsyncFailed for a failed fsync and
  /// std::logic_error for a mistake in our SQL.
  [[nodiscard]] tl::unexpected<Error> failure(int code, const std::string& doing) const;

  Result<Prepared> take(std::string_view sql);
  void give_back(Prepared statement);

  std::filesystem::path file;
  Connection connection;
  std::map<std::string, std::vector<Prepared>, std::less<>> idle;
};

}  // namespace mailroom::archive
