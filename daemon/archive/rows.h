#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "daemon/archive/database.h"

/// Reading rows into plain structs; used by the tables of the catalogue only.
namespace mailroom::archive {

/// All rows of `statement`, each turned into a value by `read` (Result<T>(const Statement&)).
template <typename T, typename Read>
Result<std::vector<T>> rows_of(Result<Statement> statement, Read read) {
  if (!statement) return fail(std::move(statement).error());
  std::vector<T> rows;
  for (;;) {
    MAILROOM_TRY(const bool more, statement->next());
    if (!more) return rows;
    MAILROOM_TRY(T row, read(*statement));
    rows.push_back(std::move(row));
  }
}

/// The first row, or nullopt when there is none.
template <typename T, typename Read>
Result<std::optional<T>> row_of(Result<Statement> statement, Read read) {
  if (!statement) return fail(std::move(statement).error());
  MAILROOM_TRY(const bool found, statement->next());
  if (!found) return std::optional<T>();
  MAILROOM_TRY(T row, read(*statement));
  return std::optional<T>(std::move(row));
}

/// Errc::not_found unless exactly one row was changed: an update that hits nothing is never silent.
inline Result<void> changed_one(Result<int> changed, const char* what) {
  if (!changed) return fail(std::move(changed).error());
  if (*changed != 1) return fail(Errc::not_found, std::string("there is no such ") + what);
  return {};
}

/// However many rows were changed, none included.
inline Result<void> any_number(Result<int> changed) {
  if (!changed) return fail(std::move(changed).error());
  return {};
}

}  // namespace mailroom::archive
