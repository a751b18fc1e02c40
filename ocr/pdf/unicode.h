#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/result.h"

namespace mailroom::ocr {

/// The characters of `utf8` as a reader sees them: each with its combining marks. Control characters
/// are left out. Errc::invalid_input when it is not UTF-8 (Unicode 15 §3.9, table 3-7).
Result<std::vector<std::u32string>> characters_of(std::string_view utf8);

/// Upper-case hex of the UTF-16BE form, as a CMap writes it.
std::string utf16_hex(std::u32string_view characters);

}  // namespace mailroom::ocr
