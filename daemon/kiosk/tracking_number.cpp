#include "daemon/kiosk/tracking_number.h"

#include <cctype>

#include "daemon/crypto/digest.h"

namespace mailroom::kiosk {
namespace {

constexpr std::string_view kLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";  // without I, L, O, U
constexpr std::size_t kCount = 16;

std::string grouped(std::string_view letters) {
  std::string number = "MR";
  for (std::size_t i = 0; i < letters.size(); ++i) {
    if (i % 4 == 0) number += '-';
    number += letters[i];
  }
  return number;
}

char read_as(char typed) {
  const char letter = char(std::toupper(static_cast<unsigned char>(typed)));
  if (letter == 'O') return '0';
  if (letter == 'I' || letter == 'L') return '1';
  return letter == 'U' ? 'V' : letter;
}

}  // namespace

std::string new_tracking_number() {
  std::string letters;
  for (const auto byte : random_bytes(kCount)) letters += kLetters[byte % kLetters.size()];
  return grouped(letters);
}

std::string tracking_number_from(std::string_view typed) {
  std::string letters;
  for (const char c : typed) {
    if (c != '-' && c != ' ') letters += read_as(c);
  }
  if (letters.size() == kCount + 2 && letters.starts_with("MR")) letters.erase(0, 2);
  if (letters.size() != kCount || letters.find_first_not_of(kLetters) != std::string::npos) return {};
  return grouped(letters);
}

}  // namespace mailroom::kiosk
