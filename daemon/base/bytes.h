#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/result.h"

namespace mailroom {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// A view of the characters of `text` as bytes. Lives as long as `text`.
inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// A view of `bytes` as characters. Lives as long as `bytes`.
inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string to_hex(ByteView bytes);     ///< lower case, two digits a byte
std::string to_base64(ByteView bytes);  ///< RFC 4648 §4, padded
Result<Bytes> from_base64(std::string_view text);
std::string to_base32(ByteView bytes);  ///< RFC 4648 §6 alphabet, no padding

}  // namespace mailroom
