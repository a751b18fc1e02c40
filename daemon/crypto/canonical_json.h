#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "daemon/base/result.h"

namespace mailroom {

/// The one text form of `value` that is hashed or signed: the subset of RFC 8785 that needs no
/// number formatting. Object keys sorted, no white space, UTF-8, only the short escapes that RFC
/// 8785 §3.2.2.2 asks for. Errc::invalid_input for what the subset excludes: fractional numbers,
/// integers beyond 2^53, keys that are not ASCII, text that is not UTF-8.
Result<std::string> canonical_json(const nlohmann::json& value);

}  // namespace mailroom
