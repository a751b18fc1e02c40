#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"

namespace mailroom::archive {

/// What SQL can hold, as a parameter. Views must live until query() or run() returns.
using SqlValue = std::variant<std::nullptr_t, std::int64_t, double, std::string_view, ByteView>;

inline SqlValue sql_value(std::nullptr_t) {
  return nullptr;
}
inline SqlValue sql_value(std::string_view text) {
  return text;
}
inline SqlValue sql_value(ByteView bytes) {
  return bytes;
}
inline SqlValue sql_value(const Bytes& bytes) {
  return ByteView(bytes);
}
template <typename T>
requires std::is_arithmetic_v<T> SqlValue sql_value(T number) {
  if constexpr (std::is_floating_point_v<T>)
    return double(number);
  else
    return std::int64_t(number);
}
template <typename T>
SqlValue sql_value(const std::optional<T>& value) {
  if (value) return sql_value(*value);
  return nullptr;
}

class DatabaseCore;

/// A prepared statement with its parameters bound, and its current row. Move-only; must not
/// outlive its Database; thread-bound to it. Columns count from 0; reading one of another type
/// converts as SQLite does (tables are STRICT, so that does not happen by accident).
class Statement {
 public:
  Statement(Statement&&) noexcept;
  Statement& operator=(Statement&&) noexcept;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  /// Moves to the next row; false when there is none.
  Result<bool> next();

  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const;  ///< NULL is 0
  [[nodiscard]] double real(int column) const;
  [[nodiscard]] std::string text(int column) const;  ///< NULL is empty
  [[nodiscard]] Bytes blob(int column) const;
  [[nodiscard]] std::optional<std::int64_t> optional_integer(int column) const;
  [[nodiscard]] std::optional<std::string> optional_text(int column) const;

 private:
  friend class Database;
  struct Lease;
  explicit Statement(std::unique_ptr<Lease> lease);
  std::unique_ptr<Lease> lease_;
};

class Database;

/// All or nothing. Rolls back when it goes without commit(). Move-only; at most one is open per
/// Database (a second one is our bug and throws std::logic_error).
class Transaction {
 public:
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  /// Durable when this returns success; on failure nothing of it happened.
  Result<void> commit();
  [[nodiscard]] Database& database() const { return *database_; }

 private:
  friend class Database;
  explicit Transaction(Database& database) : database_(&database) {}
  Database* database_;
};

/// One step of the schema: SQL that leads from version n to n + 1. Never changed once released.
struct Migration {
  std::string_view name;
  std::string_view sql;
};

/// The one connection to one SQLite file. WAL with synchronous=FULL (measured: NORMAL loses
/// acknowledged commits on a power cut), foreign keys on, no waiting for locks, and
/// locking_mode=EXCLUSIVE: SQLite 3.40.1 can corrupt a WAL that two connections write or
/// checkpoint (sqlite.org/wal.html#walresetbug), so a second connection is refused by the file
/// lock itself. Thread-bound. Move it only while no Statement or Transaction is alive.
///
/// Errors: disk_full, corrupt (SQLITE_CORRUPT, NOTADB), busy (another connection), conflict (a
/// constraint), io. A failed fsync throws FsyncFailed.
class Database {
 public:
  /// Opens or creates `file` and runs the migrations it has not seen, each in its own transaction
  /// with user_version. Errc::corrupt for a file of another application, Errc::unsupported for one
  /// that a newer version wrote.
  static Result<Database> open(const std::filesystem::path& file, std::span<const Migration> migrations);

  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  /// Prepares (or takes from the cache) one statement and binds `values` to ?1, ?2, ...
  template <typename... T>
  Result<Statement> query(std::string_view sql, const T&... values) {
    const SqlValue list[] = {sql_value(values)..., SqlValue()};
    return prepare(sql, std::span(list, sizeof...(T)));
  }

  /// Runs one statement to its end, throwing rows away. Gives the number of rows changed.
  template <typename... T>
  Result<int> run(std::string_view sql, const T&... values) {
    const SqlValue list[] = {sql_value(values)..., SqlValue()};
    return run_to_end(sql, std::span(list, sizeof...(T)));
  }

  Result<void> execute_script(std::string_view sql);  ///< several statements, no parameters
  Result<Transaction> begin();                        ///< BEGIN IMMEDIATE
  [[nodiscard]] bool in_transaction() const;
  [[nodiscard]] std::int64_t last_insert_id() const;
  [[nodiscard]] int version() const;  ///< user_version: number of migrations applied
  [[nodiscard]] const std::filesystem::path& file() const;

  /// PRAGMA integrity_check and foreign_key_check. Errc::corrupt with the first findings.
  Result<void> check_integrity();

  /// Writes a consistent copy to `target`, which must not exist (VACUUM INTO); fsynced.
  Result<void> copy_to(const std::filesystem::path& target);

 private:
  explicit Database(std::unique_ptr<DatabaseCore> core);
  Result<Statement> prepare(std::string_view sql, std::span<const SqlValue> values);
  Result<int> run_to_end(std::string_view sql, std::span<const SqlValue> values);
  std::unique_ptr<DatabaseCore> core_;
};

}  // namespace mailroom::archive
