#pragma once

#include <string_view>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"

namespace mailroom {

/// Shuts `content` away so that only who knows `secret` opens it: 12 random octets, then ciphertext and tag
/// of AES-256-GCM (NIST SP 800-38D) under HKDF-SHA-256 (RFC 5869) of `secret` with `salt` and `info`. The
/// same secret may shut away any number of contents as long as the salts differ. Reentrant.
Result<Bytes> shut_away(ByteView content, ByteView secret, std::string_view salt, std::string_view info);

/// What shut_away() shut away; Errc::refused for another secret, salt or info, or when a bit was changed.
Result<Bytes> open_with(ByteView box, ByteView secret, std::string_view salt, std::string_view info);

}  // namespace mailroom
