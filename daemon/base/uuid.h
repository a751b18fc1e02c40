#pragma once

#include <string>
#include <string_view>

#include "daemon/base/clock.h"

namespace mailroom {

/// A new UUID version 7 (RFC 9562 §5.7) in lower case. Ids made by one process ascend even when
/// the clock steps back: the time part never goes below that of the id before. Thread-safe.
std::string new_uuid(const Clock& clock);

/// True for the 8-4-4-4-12 lower-case hexadecimal form of a version 7 UUID.
bool is_uuid7(std::string_view text);

}  // namespace mailroom
