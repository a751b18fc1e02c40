#include "daemon/crypto/routing_key.h"

#include <sstream>

#include "daemon/crypto/digest.h"
#include "daemon/crypto/secret_file.h"

namespace mailroom {
namespace {

constexpr std::string_view kHeading = "mailroom-routing-keys 1";
constexpr std::size_t kKeySize = 32;

std::string id_of(ByteView key) {
  return to_base32(sha256(key)).substr(0, 2);
}

Result<Bytes> from_hex(std::string_view text) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  if (text.size() != 2 * kKeySize || text.find_first_not_of(kDigits) != std::string_view::npos) {
    return fail(Errc::corrupt, "a routing key has 64 lower-case hexadecimal digits");
  }
  Bytes bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    bytes.push_back(std::uint8_t(kDigits.find(text[i]) * 16 + kDigits.find(text[i + 1])));
  }
  return bytes;
}

Result<RoutingKey> key_in(const std::string& line) {
  if (line.size() < 3 || line[2] != ' ') return fail(Errc::corrupt, "a line is `ID KEY`");
  MAILROOM_TRY(auto key, from_hex(std::string_view(line).substr(3)));
  const auto id = line.substr(0, 2);
  if (id != id_of(key)) return fail(Errc::corrupt, "the id does not belong to the routing key");
  return RoutingKey{id, std::move(key)};
}

}  // namespace

RoutingKey new_routing_key() {
  auto key = random_bytes(kKeySize);
  return {id_of(key), std::move(key)};
}

std::string to_text(const std::vector<RoutingKey>& keys) {
  std::string text = std::string(kHeading) + "\n";
  for (const auto& [id, key] : keys) text += id + " " + to_hex(key) + "\n";
  return text;
}

Result<std::vector<RoutingKey>> read_routing_keys(const std::filesystem::path& file) {
  auto place = Place::in_file(file.string());
  MAILROOM_TRY(const auto bytes, read_secret_file(file));
  std::istringstream lines{std::string(as_text(bytes))};
  std::vector<RoutingKey> keys;
  unsigned long long number = 0;
  for (std::string line; std::getline(lines, line);) {
    place.line = ++number;
    if (number == 1) {
      if (line != kHeading) return fail(Errc::corrupt, "this is no file of routing keys of version 1", place);
      continue;
    }
    auto key = key_in(line);
    if (!key) return fail(Errc::corrupt, key.error().what, place, "restore the file from the backup");
    keys.push_back(*std::move(key));
  }
  if (keys.empty())
    return fail(Errc::corrupt, "the file holds no routing key", place, "restore the file from the backup");
  return keys;
}

}  // namespace mailroom
