#include "daemon/invoice/model/decimal.h"

#include <algorithm>

namespace mailroom::invoice {
namespace {

constexpr std::size_t kMostWholeDigits = 18;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view trimmed(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

std::optional<Decimal> Decimal::parse(std::string_view text) {
  text = trimmed(text);
  const bool negative = !text.empty() && text.front() == '-';
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  const auto point = std::min(text.find('.'), text.size());
  auto whole = text.substr(0, point);
  auto fraction = point < text.size() ? text.substr(point + 1) : std::string_view();
  if (whole.empty() && fraction.empty()) return std::nullopt;
  if (!std::all_of(whole.begin(), whole.end(), is_digit)) return std::nullopt;
  if (!std::all_of(fraction.begin(), fraction.end(), is_digit)) return std::nullopt;
  while (whole.size() > 1 && whole.front() == '0') whole.remove_prefix(1);
  while (!fraction.empty() && fraction.back() == '0') fraction.remove_suffix(1);
  if (whole.size() > kMostWholeDigits || fraction.size() > std::size_t(kPlaces)) return std::nullopt;
  Units units = 0;
  for (const char digit : whole) units = units * 10 + (digit - '0');
  for (int i = 0; i < kPlaces; ++i)
    units = units * 10 + (std::size_t(i) < fraction.size() ? fraction[std::size_t(i)] - '0' : 0);
  return Decimal(Raw{negative ? -units : units});
}

bool is_decimal_text(std::string_view text) {
  text = trimmed(text);
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  const auto digits = std::count_if(text.begin(), text.end(), is_digit);
  const auto points = std::count(text.begin(), text.end(), '.');
  return digits > 0 && points <= 1 && std::size_t(digits + points) == text.size();
}

Decimal Decimal::of_cents(std::int64_t cents) {
  return Decimal(Raw{Units(cents) * (kUnit / 100)});
}

std::string Decimal::text(int places) const {
  Units rest = units_ < 0 ? -units_ : units_;
  std::string digits;
  for (int i = 0; i < kPlaces || rest > 0; ++i, rest /= 10) {
    if (i == kPlaces) digits += '.';
    digits += char('0' + int(rest % 10));
  }
  if (digits.size() == std::size_t(kPlaces)) digits += ".0";
  std::reverse(digits.begin(), digits.end());
  const auto least = digits.find('.') + 1 + std::size_t(places);
  while (digits.size() > least && digits.back() == '0') digits.pop_back();
  if (digits.back() == '.') digits.pop_back();
  return units_ < 0 ? "-" + digits : digits;
}

Decimal Decimal::rounded_to(Units step) const {
  const Units shifted = units_ + step / 2;
  Units steps = shifted / step;
  if (shifted < 0 && steps * step != shifted) --steps;
  return Decimal(Raw{steps * step});
}

Decimal operator*(Decimal a, Decimal b) {
  // Split so that 18 + 8 digits times 18 + 8 digits never leave 128 bits unless the product itself does.
  const auto whole = b.units_ / Decimal::kUnit;
  const auto fraction = b.units_ % Decimal::kUnit;
  return Decimal(Decimal::Raw{a.units_ * whole + a.units_ * fraction / Decimal::kUnit});
}

}  // namespace mailroom::invoice
