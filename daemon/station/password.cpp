#include "daemon/station/password.h"

#include <argon2.h>

#include <array>
#include <stdexcept>

#include "daemon/crypto/digest.h"

namespace mailroom::station {
namespace {

// OWASP Password Storage Cheat Sheet: m=19456, t=2, p=1.
constexpr std::uint32_t kPasses = 2;
constexpr std::uint32_t kMemoryKib = 19456;
constexpr std::uint32_t kLanes = 1;

}  // namespace

std::string hash_password(const std::string& password) {
  const Bytes salt = random_bytes(16);
  std::array<char, 256> encoded{};
  const int code = ::argon2id_hash_encoded(kPasses, kMemoryKib, kLanes, password.data(), password.size(),
                                           salt.data(), salt.size(), 32, encoded.data(), encoded.size());
  if (code != ARGON2_OK) throw std::runtime_error(std::string("Argon2: ") + ::argon2_error_message(code));
  return encoded.data();
}

bool is_password(const std::string& password, const std::string& hash) {
  static const std::string nobody = hash_password("nobody has this password");
  const std::string& against = hash.empty() ? nobody : hash;
  const bool fits = ::argon2id_verify(against.c_str(), password.data(), password.size()) == ARGON2_OK;
  return fits && !hash.empty();
}

Result<void> check_new_password(const std::string& password) {
  std::size_t characters = 0;
  for (const char c : password) characters += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
  if (characters >= 12 && password.size() <= 1024) return {};
  return fail(Errc::invalid_input, "a password has at least 12 characters");
}

std::string made_password() {
  // 32 characters without those that look alike.
  static constexpr std::string_view letters = "abcdefghjkmnpqrstuvwxyz123456789";
  std::string password;
  for (const auto byte : random_bytes(20)) {
    if (password.size() % 6 == 5) password += '-';
    password += letters[byte % 32];
  }
  return password;
}

}  // namespace mailroom::station
