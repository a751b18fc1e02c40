#include "drivers/payment/girocode/girocode.h"

#include <algorithm>

namespace mailroom::payment {
namespace {

constexpr std::size_t kMostBytes = 331;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return c >= 'A' && c <= 'Z';
}

bool is_alphanumeric(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || is_letter(c); });
}

/// ISO 7064 MOD 97-10 as ISO 13616 and ISO 11649 use it: the first four characters moved behind, letters as
/// 10 to 35.
bool has_check_digits(const std::string& text) {
  if (text.size() < 5 || !is_alphanumeric(text) || !is_digit(text[2]) || !is_digit(text[3])) return false;
  int rest = 0;
  for (const char c : text.substr(4) + text.substr(0, 4))
    rest = is_digit(c) ? (rest * 10 + c - '0') % 97 : (rest * 100 + c - 'A' + 10) % 97;
  return rest == 1;
}

bool is_iban(const std::string& iban) {
  constexpr std::size_t kGerman = 22;
  if (iban.size() < 15 || iban.size() > 34 || !is_letter(iban[0]) || !is_letter(iban[1])) return false;
  if (iban.starts_with("DE") && iban.size() != kGerman) return false;
  return has_check_digits(iban);
}

/// ISO 9362.
bool is_bic(const std::string& bic) {
  if (bic.size() != 8 && bic.size() != 11) return false;
  return is_alphanumeric(bic) && is_letter(bic[4]) && is_letter(bic[5]);
}

std::size_t characters(const std::string& text) {
  return std::size_t(
      std::count_if(text.begin(), text.end(), [](unsigned char c) { return (c & 0xC0U) != 0x80U; }));
}

bool is_one_line(const std::string& text) {
  return std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

std::string amount_of(int cents) {
  const auto rest = std::to_string(cents % 100);
  return "EUR" + std::to_string(cents / 100) + "." + (rest.size() < 2 ? "0" : "") + rest;
}

Result<void> check(const Transfer& transfer, const std::string& iban) {
  if (!is_iban(iban)) return fail(Errc::invalid_input, "the IBAN of the account is wrong");
  if (!transfer.bic.empty() && !is_bic(transfer.bic))
    return fail(Errc::invalid_input, "the BIC of the account has 8 or 11 capital letters and digits");
  if (transfer.to.empty() || characters(transfer.to) > 70 || !is_one_line(transfer.to))
    return fail(Errc::invalid_input, "the name of the account's holder has 1 to 70 characters in one line");
  if (transfer.cents < 1) return fail(Errc::invalid_input, "a transfer is of 0.01 EUR or more");
  if (characters(transfer.purpose) > 140 || !is_one_line(transfer.purpose))
    return fail(Errc::invalid_input, "the purpose has at most 140 characters in one line");
  return {};
}

}  // namespace

bool is_creditor_reference(const std::string& text) {
  return text.starts_with("RF") && text.size() <= 25 && has_check_digits(text);
}

Result<std::string> girocode(const Transfer& transfer) {
  auto iban = transfer.iban;
  std::erase(iban, ' ');
  MAILROOM_TRY_VOID(check(transfer, iban));
  const bool structured = is_creditor_reference(transfer.purpose);
  auto text = "BCD\n002\n1\nSCT\n" + transfer.bic + "\n" + transfer.to + "\n" + iban + "\n" +
              amount_of(transfer.cents) + "\n\n" + (structured ? transfer.purpose : "\n" + transfer.purpose);
  while (text.ends_with('\n')) text.pop_back();
  if (text.size() > kMostBytes)
    return fail(Errc::invalid_input, "name and purpose together are too long for a GiroCode");
  return text;
}

}  // namespace mailroom::payment
