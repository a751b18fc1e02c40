#include "drivers/payment/girocode/girocode.h"

#include <algorithm>
#include <cctype>

namespace mailroom::payment {
namespace {

std::string without_blanks(std::string text) {
  std::erase(text, ' ');
  return text;
}

/// ISO 13616: the number made of the letters and digits, the first four moved behind, leaves 1 by 97.
bool is_iban(const std::string& iban) {
  if (iban.size() < 15 || iban.size() > 34) return false;
  int rest = 0;
  for (const char c : iban.substr(4) + iban.substr(0, 4)) {
    if (c >= '0' && c <= '9') {
      rest = (rest * 10 + c - '0') % 97;
    } else if (c >= 'A' && c <= 'Z') {
      rest = (rest * 100 + c - 'A' + 10) % 97;
    } else {
      return false;
    }
  }
  return rest == 1;
}

std::size_t characters(const std::string& text) {
  return std::size_t(std::count_if(text.begin(), text.end(), [](unsigned char c) { return (c & 0xC0U) != 0x80U; }));
}

bool is_one_line(const std::string& text) {
  return std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20; });
}

std::string amount_of(int cents) {
  const auto rest = std::to_string(cents % 100);
  return "EUR" + std::to_string(cents / 100) + "." + (rest.size() < 2 ? "0" : "") + rest;
}

}  // namespace

Result<std::string> girocode(const Transfer& transfer) {
  const auto iban = without_blanks(transfer.iban);
  if (!is_iban(iban)) return fail(Errc::invalid_input, "the IBAN of the account is wrong");
  if (transfer.to.empty() || characters(transfer.to) > 70 || !is_one_line(transfer.to))
    return fail(Errc::invalid_input, "the name of the account's holder has 1 to 70 characters");
  if (transfer.cents < 1) return fail(Errc::invalid_input, "a transfer is of 0.01 EUR at least");
  if (characters(transfer.purpose) > 140 || !is_one_line(transfer.purpose))
    return fail(Errc::invalid_input, "the purpose has at most 140 characters");
  const bool reference = transfer.purpose.starts_with("RF") && transfer.purpose.size() <= 25;
  return "BCD\n002\n1\nSCT\n" + transfer.bic + "\n" + transfer.to + "\n" + iban + "\n" + amount_of(transfer.cents) + "\n\n" +
         (reference ? transfer.purpose + "\n" : "\n" + transfer.purpose);
}

}  // namespace mailroom::payment
