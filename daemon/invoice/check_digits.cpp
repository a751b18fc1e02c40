#include "daemon/invoice/check_digits.h"

#include <algorithm>
#include <array>
#include <string>

namespace mailroom::invoice {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

/// The number that the characters spell, A = 10 to Z = 35, modulo 97; -1 for other characters.
int modulo_97(std::string_view text) {
  int rest = 0;
  for (const char c : text) {
    if (is_digit(c)) {
      rest = (rest * 10 + (c - '0')) % 97;
    } else if (is_upper(c)) {
      rest = (rest * 100 + (c - 'A' + 10)) % 97;
    } else {
      return -1;
    }
  }
  return rest;
}

bool holds_with_head_behind(std::string_view text) {
  return modulo_97(std::string(text.substr(4)) + std::string(text.substr(0, 4))) == 1;
}

std::size_t iban_length(std::string_view country) {
  static constexpr std::array<std::pair<std::string_view, std::size_t>, 24> kLengths{
      {{"DE", 22}, {"AT", 20}, {"CH", 21}, {"LI", 21}, {"LU", 20}, {"NL", 18}, {"BE", 16}, {"FR", 27},
       {"IT", 27}, {"ES", 24}, {"PL", 28}, {"CZ", 24}, {"DK", 18}, {"SE", 24}, {"FI", 18}, {"NO", 15},
       {"IE", 22}, {"GB", 22}, {"PT", 25}, {"HU", 28}, {"SK", 24}, {"SI", 19}, {"LT", 20}, {"LV", 21}}};
  for (const auto& [code, length] : kLengths) {
    if (country == code) return length;
  }
  return 0;
}

/// ISO 7064 MOD 11,10 over eight digits and the check digit.
bool holds_mod_11_10(std::string_view digits) {
  int product = 10;
  for (std::size_t i = 0; i + 1 < digits.size(); ++i) {
    int sum = (digits[i] - '0' + product) % 10;
    if (sum == 0) sum = 10;
    product = 2 * sum % 11;
  }
  const int check = 11 - product;
  return (check == 10 ? 0 : check) == digits.back() - '0';
}

}  // namespace

bool is_iban(std::string_view iban) {
  if (iban.size() < 15 || iban.size() > 34) return false;
  if (!is_upper(iban[0]) || !is_upper(iban[1]) || !is_digit(iban[2]) || !is_digit(iban[3])) return false;
  const auto length = iban_length(iban.substr(0, 2));
  if (length != 0 && iban.size() != length) return false;
  return holds_with_head_behind(iban);
}

bool is_vat_id(std::string_view vat_id) {
  if (vat_id.size() < 4 || vat_id.size() > 14 || !is_upper(vat_id[0]) || !is_upper(vat_id[1])) return false;
  const auto number = vat_id.substr(2);
  if (vat_id.substr(0, 2) == "DE")
    return number.size() == 9 && std::all_of(number.begin(), number.end(), is_digit) &&
           holds_mod_11_10(number);
  return std::all_of(number.begin(), number.end(), [](char c) { return is_digit(c) || is_upper(c); }) &&
         std::any_of(number.begin(), number.end(), is_digit);
}

bool is_leitweg_id(std::string_view id) {
  std::string together;
  for (const char c : id) {
    if (c != '-') together += c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c;
  }
  const auto first = id.find('-');
  const auto last = id.rfind('-');
  if (first == std::string_view::npos || first < 2 || first > 12 || last + 3 != id.size() || id.size() > 46)
    return false;
  return std::all_of(id.begin(), id.begin() + std::ptrdiff_t(first), is_digit) && modulo_97(together) == 1;
}

bool is_creditor_reference(std::string_view reference) {
  return reference.size() >= 5 && reference.size() <= 25 && reference.substr(0, 2) == "RF" &&
         is_digit(reference[2]) && is_digit(reference[3]) && holds_with_head_behind(reference);
}

VoucherCheck voucher_check_from(std::string_view name) {
  if (name == "mod10") return VoucherCheck::mod10;
  if (name == "mod11") return VoucherCheck::mod11;
  if (name == "mod97") return VoucherCheck::mod97;
  return VoucherCheck::none;
}

bool is_voucher_number(std::string_view digits, VoucherCheck check) {
  if (check == VoucherCheck::none) return true;
  if (digits.size() < 4 || digits.size() > 30 || !std::all_of(digits.begin(), digits.end(), is_digit))
    return false;
  if (check == VoucherCheck::mod97) return modulo_97(std::string(digits)) == 1;
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {  // from the right, the check digit first
    const int digit = digits[digits.size() - 1 - i] - '0';
    if (check == VoucherCheck::mod11) {
      sum += digit * (i == 0 ? 1 : 2 + int((i - 1) % 6));
    } else {
      const int weighed = i % 2 == 0 ? digit : digit * 2;
      sum += weighed > 9 ? weighed - 9 : weighed;
    }
  }
  return sum % (check == VoucherCheck::mod11 ? 11 : 10) == 0;
}

}  // namespace mailroom::invoice
