#include <stdexcept>

#include "daemon/archive/database_core.h"

namespace mailroom::archive {

/// A prepared statement on loan from the core; goes back reset when the Statement goes.
struct Statement::Lease {
  Lease(DatabaseCore& owner, Prepared borrowed) : core(owner), statement(std::move(borrowed)) {}
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;
  ~Lease() { core.give_back(std::move(statement)); }

  DatabaseCore& core;
  Prepared statement;
};

namespace {

/// SQLite copies texts and bytes: callers pass temporaries.
int bind(sqlite3_stmt* statement, int index, const SqlValue& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value))
    return sqlite3_bind_int64(statement, index, *number);
  if (const auto* number = std::get_if<double>(&value)) return sqlite3_bind_double(statement, index, *number);
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    const char* data = text->data() == nullptr ? "" : text->data();
    return sqlite3_bind_text64(statement, index, data, text->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  }
  if (const auto* bytes = std::get_if<ByteView>(&value)) {
    const void* data = bytes->data() == nullptr ? "" : static_cast<const void*>(bytes->data());
    return sqlite3_bind_blob64(statement, index, data, bytes->size(), SQLITE_TRANSIENT);
  }
  return sqlite3_bind_null(statement, index);
}

}  // namespace

Statement::Statement(std::unique_ptr<Lease> lease) : lease_(std::move(lease)) {}
Statement::Statement(Statement&&) noexcept = default;
Statement& Statement::operator=(Statement&&) noexcept = default;
Statement::~Statement() = default;

Result<bool> Statement::next() {
  const int code = sqlite3_step(lease_->statement.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return lease_->core.failure(code, std::string("running ") + sqlite3_sql(lease_->statement.get()));
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(lease_->statement.get(), column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(lease_->statement.get(), column);
}

double Statement::real(int column) const {
  return sqlite3_column_double(lease_->statement.get(), column);
}

std::string Statement::text(int column) const {
  const auto* data = sqlite3_column_text(lease_->statement.get(), column);
  const int size = sqlite3_column_bytes(lease_->statement.get(), column);
  return data == nullptr ? std::string()
                         : std::string(reinterpret_cast<const char*>(data), std::size_t(size));
}

Bytes Statement::blob(int column) const {
  const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(lease_->statement.get(), column));
  const int size = sqlite3_column_bytes(lease_->statement.get(), column);
  return data == nullptr ? Bytes() : Bytes(data, data + size);
}

std::optional<std::int64_t> Statement::optional_integer(int column) const {
  if (is_null(column)) return std::nullopt;
  return integer(column);
}

std::optional<std::string> Statement::optional_text(int column) const {
  if (is_null(column)) return std::nullopt;
  return text(column);
}

Result<Statement> Database::prepare(std::string_view sql, std::span<const SqlValue> values) {
  MAILROOM_TRY(auto prepared, core_->take(sql));
  Statement statement(std::make_unique<Statement::Lease>(*core_, std::move(prepared)));
  sqlite3_stmt* raw = statement.lease_->statement.get();
  if (sqlite3_bind_parameter_count(raw) != int(values.size())) {
    throw std::logic_error("wrong number of parameters for: " + std::string(sql));
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    const int code = bind(raw, int(i) + 1, values[i]);
    if (code != SQLITE_OK) return core_->failure(code, "binding " + std::string(sql));
  }
  return statement;
}

Result<int> Database::run_to_end(std::string_view sql, std::span<const SqlValue> values) {
  MAILROOM_TRY(auto statement, prepare(sql, values));
  const auto before = sqlite3_total_changes64(core_->connection.get());
  for (;;) {
    MAILROOM_TRY(const bool more, statement.next());
    if (!more) break;
  }
  // Not sqlite3_changes(): that one keeps its value over statements that change nothing.
  const bool changed = sqlite3_total_changes64(core_->connection.get()) != before;
  return changed ? sqlite3_changes(core_->connection.get()) : 0;
}

}  // namespace mailroom::archive
