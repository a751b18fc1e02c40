#pragma once

#include <string>
#include <string_view>

namespace mailroom::assembly {

/// A value of a clarification in the language of its text: sides ("front") and names of errors
/// ("paper_jam") have words in both languages; anything else, such as what a recipient wrote, stays as
/// it is.
std::string german(std::string_view value);
std::string english(std::string_view value);

}  // namespace mailroom::assembly
