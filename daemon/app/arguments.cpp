#include "daemon/app/arguments.h"

#include <algorithm>

namespace mailroom::app {

using nlohmann::json;

Result<void> check_known(const json& arguments, std::initializer_list<std::string_view> known) {
  for (const auto& [name, value] : arguments.items()) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return fail(Errc::invalid_input, "this command knows no argument '" + name + "'");
    }
  }
  return {};
}

Result<std::string> text_of(const json& arguments, const char* name) {
  const auto found = arguments.find(name);
  if (found == arguments.end()) return std::string();
  if (!found->is_string()) return fail(Errc::invalid_input, std::string("'") + name + "' is not a text");
  return found->get<std::string>();
}

Result<std::string> needed(const json& arguments, const char* name) {
  MAILROOM_TRY(std::string text, text_of(arguments, name));
  if (text.empty()) return fail(Errc::invalid_input, std::string("'") + name + "' is missing");
  return text;
}

Result<int> number_of(const json& arguments, const char* name, int missing, int most) {
  const auto found = arguments.find(name);
  if (found == arguments.end()) return missing;
  if (!found->is_number_integer() || *found < 0 || *found > most) {
    return fail(Errc::invalid_input,
                std::string("'") + name + "' is not a whole number from 0 to " + std::to_string(most));
  }
  return found->get<int>();
}

}  // namespace mailroom::app
