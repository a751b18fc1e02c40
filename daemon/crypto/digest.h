#pragma once

#include <string>

#include "daemon/base/bytes.h"

namespace mailroom {

Bytes sha256(ByteView bytes);
std::string sha256_hex(ByteView bytes);  ///< 64 lower-case hex digits
Bytes hmac_sha256(ByteView key, ByteView message);

/// Compares without telling by its time where the first difference is.
bool equal_in_constant_time(ByteView a, ByteView b);

/// `count` random bytes from the kernel. Throws when the kernel has none (never seen).
Bytes random_bytes(std::size_t count);

}  // namespace mailroom
