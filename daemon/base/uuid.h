#pragma once

#include <string>
#include <string_view>

#include "daemon/base/clock.h"

namespace mailroom {

/// A new UUID version 7 (RFC 9562 §5.7) in lower case. Ids made by one process ascend even when
/// the clock steps back: the time part never goes below that of the id before. Thread-safe.
std::string new_uuid(const Clock& clock);

/// Ids made from now on also ascend from `id`, a version 7 UUID of an earlier process: a clock that was
/// set back over a restart does not put new things before old ones. Anything else changes nothing.
void new_uuids_follow(std::string_view id);

/// True for the 8-4-4-4-12 lower-case hexadecimal form of a version 7 UUID.
bool is_uuid7(std::string_view text);

}  // namespace mailroom
