#include "daemon/base/bytes.h"

#include <array>

namespace mailroom {
namespace {

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Regroups 8-bit bytes into `width`-bit symbols of `alphabet`, most significant first.
std::string regroup(ByteView bytes, unsigned width, std::string_view alphabet) {
  std::string text;
  std::uint32_t buffer = 0;
  unsigned bits = 0;
  for (const auto byte : bytes) {
    buffer = (buffer << 8U) | byte;
    bits += 8;
    while (bits >= width) {
      bits -= width;
      text += alphabet[(buffer >> bits) & ((1U << width) - 1U)];
    }
  }
  if (bits > 0) text += alphabet[(buffer << (width - bits)) & ((1U << width) - 1U)];
  return text;
}

std::array<int, 256> base64_values() {
  std::array<int, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < kBase64.size(); ++i) values[static_cast<unsigned char>(kBase64[i])] = int(i);
  return values;
}

}  // namespace

std::string to_hex(ByteView bytes) { return regroup(bytes, 4, "0123456789abcdef"); }

std::string to_base64(ByteView bytes) {
  auto text = regroup(bytes, 6, kBase64);
  while (text.size() % 4 != 0) text += '=';
  return text;
}

std::string to_base32(ByteView bytes) { return regroup(bytes, 5, kBase32); }

Result<Bytes> from_base64(std::string_view text) {
  static const auto values = base64_values();
  if (text.size() % 4 != 0) return fail(Errc::invalid_input, "base64 text has a wrong length");
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  Bytes bytes;
  std::uint32_t buffer = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const int value = values[static_cast<unsigned char>(c)];
    if (value < 0) return fail(Errc::invalid_input, "base64 text has a foreign character");
    buffer = (buffer << 6U) | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push_back(static_cast<std::uint8_t>(buffer >> bits));
  }
  return bytes;
}

}  // namespace mailroom
