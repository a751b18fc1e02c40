#pragma once

#include <filesystem>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"

namespace mailroom {

/// Makes a secret durable in a file that only its owner may read (mode 0600).
Result<void> write_secret_file(const std::filesystem::path& file, ByteView bytes);

/// Reads a file of secrets, at most 1 MiB. Errc::refused when others than its owner may read it:
/// such a key may be known already.
Result<Bytes> read_secret_file(const std::filesystem::path& file);

}  // namespace mailroom
