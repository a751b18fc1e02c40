#pragma once

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>

#include "daemon/base/result.h"

/// The arguments of a command as they came over the control socket: whatever they hold, reading them
/// is a value or Errc::invalid_input naming the argument. All functions are reentrant.
namespace mailroom::app {

/// Refuses arguments that the command does not know.
Result<void> check_known(const nlohmann::json& arguments, std::initializer_list<std::string_view> known);

/// A text; empty when it is not given.
Result<std::string> text_of(const nlohmann::json& arguments, const char* name);

/// A text that must be there.
Result<std::string> needed(const nlohmann::json& arguments, const char* name);

/// A whole number from 0 to `most`; `missing` when it is not given.
Result<int> number_of(const nlohmann::json& arguments, const char* name, int missing, int most);

}  // namespace mailroom::app
