#include "daemon/crypto/canonical_json.h"

#include <algorithm>
#include <cstdint>

namespace mailroom {
namespace {

constexpr std::int64_t kLargestExact = std::int64_t(1) << 53;

bool is_ascii(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_exact(const nlohmann::json& number) {
  if (number.is_number_unsigned()) return number.get<std::uint64_t>() <= std::uint64_t(kLargestExact);
  return number.get<std::int64_t>() >= -kLargestExact && number.get<std::int64_t>() <= kLargestExact;
}

Result<void> check(const nlohmann::json& value) {
  if (value.is_number_float()) return fail(Errc::invalid_input, "a fractional number has no canonical form");
  if (value.is_number_integer() && !is_exact(value)) {
    return fail(Errc::invalid_input, "an integer beyond 2^53 has no canonical form");
  }
  if (value.is_binary() || value.is_discarded()) return fail(Errc::invalid_input, "not a JSON value");
  if (!value.is_structured()) return {};
  for (const auto& [key, element] : value.items()) {
    if (value.is_object() && !is_ascii(key)) {
      return fail(Errc::invalid_input, "a key that is not ASCII has no canonical form");
    }
    MAILROOM_TRY_VOID(check(element));
  }
  return {};
}

}  // namespace

Result<std::string> canonical_json(const nlohmann::json& value) {
  MAILROOM_TRY_VOID(check(value));
  try {
    // nlohmann's objects are ordered by the bytes of their keys, and its escapes are RFC 8785's.
    return value.dump();
  } catch (const nlohmann::json::type_error&) {
    return fail(Errc::invalid_input, "text that is not UTF-8 has no canonical form");
  }
}

}  // namespace mailroom
