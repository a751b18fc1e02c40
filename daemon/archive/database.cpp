#include "daemon/archive/database.h"

#include <fcntl.h>

#include <cerrno>
#include <stdexcept>

#include "daemon/archive/database_core.h"
#include "daemon/base/durable_file.h"
#include "daemon/base/kill_point.h"
#include "daemon/base/log.h"
#include "daemon/base/unique_fd.h"

namespace mailroom::archive {
namespace {

constexpr std::int64_t kApplicationId = 0x4D524D31;  // "MRM1", docs/formats/catalogue.md

Result<Connection> open_connection(const std::filesystem::path& file) {
  sqlite3* raw = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(file.c_str(), &raw, flags, nullptr);
  Connection connection(raw);
  if (code != SQLITE_OK) return DatabaseCore(file, std::move(connection)).failure(code, "opening");
  return connection;
}

Result<std::int64_t> number_of(Database& database, std::string_view sql) {
  MAILROOM_TRY(auto statement, database.query(sql));
  MAILROOM_TRY(const bool found, statement.next());
  return found ? statement.integer(0) : 0;
}

/// Must come before the first read: then the index of the WAL is kept in memory, so that no -shm
/// file exists by which a second connection could join, and none is needed when the disk is full.
Result<void> lock_for_good(Database& database) {
  return database.execute_script("PRAGMA locking_mode=EXCLUSIVE");
}

Result<void> set_up(Database& database) {
  MAILROOM_TRY_VOID(database.execute_script(
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA "
      "foreign_keys=ON;"
      "PRAGMA trusted_schema=OFF; PRAGMA secure_delete=ON; PRAGMA cell_size_check=ON;"));
  MAILROOM_TRY(auto mode, database.query("PRAGMA journal_mode"));
  MAILROOM_TRY(const bool found, mode.next());
  if (!found || mode.text(0) != "wal") {
    return fail(Errc::unsupported, "the database's file system does not support write-ahead logging",
                Place::in_file(database.file().string()), "put the data folder on a local disk");
  }
  return {};
}

Result<void> check_owner(Database& database) {
  MAILROOM_TRY(const auto application, number_of(database, "PRAGMA application_id"));
  MAILROOM_TRY(const auto objects, number_of(database, "SELECT count(*) FROM sqlite_schema"));
  if (application == kApplicationId || (application == 0 && objects == 0)) return {};
  return fail(Errc::corrupt, "this is a database of another application",
              Place::in_file(database.file().string()), "check which data folder the daemon is started with");
}

Result<void> migrate(Database& database, std::span<const Migration> migrations) {
  const int found = database.version();
  if (found > int(migrations.size())) {
    return fail(Errc::unsupported,
                "a newer version of the program has written this database (schema " + std::to_string(found) +
                    ", known up to " + std::to_string(migrations.size()) + ")",
                Place::in_file(database.file().string()),
                "install that version again, or restore the backup from before");
  }
  for (std::size_t i = std::size_t(found); i < migrations.size(); ++i) {
    MAILROOM_TRY(auto transaction, database.begin());
    MAILROOM_TRY_VOID(database.execute_script(migrations[i].sql));
    MAILROOM_TRY_VOID(database.execute_script("PRAGMA application_id=" + std::to_string(kApplicationId) +
                                              "; PRAGMA user_version=" + std::to_string(i + 1)));
    MAILROOM_TRY_VOID(transaction.commit());
  }
  return {};
}

}  // namespace

Database::Database(std::unique_ptr<DatabaseCore> core) : core_(std::move(core)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

Result<Database> Database::open(const std::filesystem::path& file, std::span<const Migration> migrations) {
  MAILROOM_TRY(auto connection, open_connection(file));
  Database database(std::make_unique<DatabaseCore>(file, std::move(connection)));
  MAILROOM_TRY_VOID(lock_for_good(database));
  MAILROOM_TRY_VOID(check_owner(database));
  MAILROOM_TRY_VOID(set_up(database));
  MAILROOM_TRY_VOID(migrate(database, migrations));
  // The file's own name must be durable before anything refers to what it holds.
  MAILROOM_TRY_VOID(sync_folder(file.parent_path()));
  return database;
}

Result<void> Database::execute_script(std::string_view sql) {
  const int code = sqlite3_exec(core_->connection.get(), std::string(sql).c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return core_->failure(code, "running a script");
  return {};
}

bool Database::in_transaction() const {
  return sqlite3_get_autocommit(core_->connection.get()) == 0;
}

std::int64_t Database::last_insert_id() const {
  return sqlite3_last_insert_rowid(core_->connection.get());
}

int Database::version() const {
  auto version = number_of(const_cast<Database&>(*this), "PRAGMA user_version");
  return version ? int(*version) : 0;
}

const std::filesystem::path& Database::file() const {
  return core_->file;
}

Result<void> Database::check_integrity() {
  const auto place = Place::in_file(file().string());
  MAILROOM_TRY(auto integrity, query("PRAGMA integrity_check(5)"));
  std::string findings;
  for (;;) {
    MAILROOM_TRY(const bool more, integrity.next());
    if (!more) break;
    if (integrity.text(0) != "ok") findings += (findings.empty() ? "" : "; ") + integrity.text(0);
  }
  if (!findings.empty())
    return fail(Errc::corrupt, "the database is damaged: " + findings, place, "restore the backup");
  MAILROOM_TRY(auto foreign, query("PRAGMA foreign_key_check"));
  MAILROOM_TRY(const bool broken, foreign.next());
  if (!broken) return {};
  return fail(Errc::corrupt,
              "a row of table " + foreign.text(0) + " refers to a missing row of table " + foreign.text(2),
              place, "restore the backup");
}

Result<void> Database::copy_to(const std::filesystem::path& target) {
  if (std::filesystem::exists(target)) {
    return fail(Errc::conflict, "the copy's name is taken already", Place::in_file(target.string()));
  }
  MAILROOM_TRY_VOID(run("VACUUM INTO ?1", target.string()));
  const UniqueFd fd(::open(target.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return fail_errno("cannot open the copy", errno, Place::in_file(target.string()));
  if (::fsync(fd.get()) != 0) throw FsyncFailed("fsync of " + target.string() + " failed");
  return sync_folder(target.parent_path());
}

Result<Transaction> Database::begin() {
  if (in_transaction()) throw std::logic_error("a transaction within a transaction");
  MAILROOM_TRY_VOID(run("BEGIN IMMEDIATE"));
  return Transaction(*this);
}

Transaction::Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}

Transaction::~Transaction() {
  // After a full disk or an I/O error SQLite may have rolled back by itself.
  if (database_ == nullptr || !database_->in_transaction()) return;
  if (auto undone = database_->run("ROLLBACK"); !undone) log::error(undone.error());
}

Result<void> Transaction::commit() {
  if (database_ == nullptr) throw std::logic_error("a transaction is committed twice");
  if (!database_->in_transaction()) {
    return fail(Errc::illegal_state, "the transaction was already undone by an earlier error",
                Place::in_file(database_->file().string()));
  }
  kill_point("database.before_commit");
  MAILROOM_TRY_VOID(database_->run("COMMIT"));
  database_ = nullptr;
  kill_point("database.after_commit");
  return {};
}

}  // namespace mailroom::archive
