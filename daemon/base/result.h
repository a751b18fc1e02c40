#pragma once

#include <cstring>
#include <string>
#include <tl/expected.hpp>
#include <utility>

#include "daemon/base/error.h"

namespace mailroom {

/// The outcome of anything the world may refuse: a value or an Error. Exceptions are for start-up
/// and our own bugs only.
template <typename T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
};

/// Builds the failure side of a Result.
inline tl::unexpected<Error> fail(Errc code, std::string what, Place place = {},
                                  std::string remedy = {}) {
  return tl::unexpected<Error>(Error{code, std::move(what), std::move(place), std::move(remedy)});
}

/// Passes an error on unchanged.
inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

/// Turns `errno` into an Error: ENOSPC and EDQUOT are disk_full, ENOENT is not_found, the rest io.
tl::unexpected<Error> fail_errno(const std::string& what, int error_number, Place place = {});

}  // namespace mailroom

/// Evaluates a Result; on failure returns its error from the enclosing function, else yields the
/// value. `MAILROOM_TRY_VOID` is the form for Result<void>.
#define MAILROOM_CONCAT_(a, b) a##b
#define MAILROOM_CONCAT(a, b) MAILROOM_CONCAT_(a, b)
#define MAILROOM_TRY_(tmp, declaration, expression)      \
  auto tmp = (expression);                               \
  if (!tmp) return ::mailroom::fail(std::move(tmp).error()); \
  declaration = *std::move(tmp)
#define MAILROOM_TRY(declaration, expression) \
  MAILROOM_TRY_(MAILROOM_CONCAT(mailroom_try_, __LINE__), declaration, expression)
#define MAILROOM_TRY_VOID(expression)                              \
  do {                                                             \
    auto mailroom_try_result = (expression);                       \
    if (!mailroom_try_result) return ::mailroom::fail(std::move(mailroom_try_result).error()); \
  } while (false)
