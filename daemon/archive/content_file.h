#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"

/// The header of a content file (docs/formats/content-file.md, version 1).
namespace mailroom::archive {

inline constexpr std::size_t kContentHeaderSize = 64;

/// The header of a plain content of `length` bytes with digest `sha256` (32 bytes).
Bytes content_header(std::uint64_t length, ByteView sha256);

/// What a header says once it has been proven by its own check value.
struct ContentHeader {
  std::uint64_t length = 0;
  std::string sha256;
};

/// Errc::corrupt for damage, Errc::unsupported for a version or protection of a newer program.
Result<ContentHeader> parse_content_header(ByteView header, const Place& place);

}  // namespace mailroom::archive
