#include "daemon/invoice/model/summary.h"

#include <charconv>

namespace mailroom::invoice {
namespace {

/// The text between `key` and the next '#', nullopt when `line` has no such key.
std::optional<std::string_view> part(std::string_view line, std::string_view key) {
  const auto at = line.find(key);
  if (at == std::string_view::npos) return std::nullopt;
  const auto begin = at + key.size();
  const auto end = line.find('#', begin);
  if (end == std::string_view::npos) return std::nullopt;
  return line.substr(begin, end - begin);
}

std::optional<int> whole_number(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<CashDiscount> discount_of(std::string_view line) {
  if (!line.starts_with("#SKONTO#")) return std::nullopt;
  const auto days = part(line, "#TAGE=");
  const auto percent = part(line, "#PROZENT=");
  if (!days || !percent) return std::nullopt;
  const auto day_count = whole_number(*days);
  const auto rate = Decimal::parse(*percent);
  if (!day_count || *day_count < 0 || !rate) return std::nullopt;
  CashDiscount discount{.days = *day_count, .percent = *rate};
  if (const auto base = part(line, "#BASISBETRAG=")) discount.base = Decimal::parse(*base);
  return discount;
}

}  // namespace

std::vector<CashDiscount> cash_discounts(std::string_view payment_terms) {
  std::vector<CashDiscount> discounts;
  while (!payment_terms.empty()) {
    const auto end = std::min(payment_terms.find('\n'), payment_terms.size());
    if (const auto discount = discount_of(payment_terms.substr(0, end))) discounts.push_back(*discount);
    payment_terms.remove_prefix(std::min(end + 1, payment_terms.size()));
  }
  return discounts;
}

}  // namespace mailroom::invoice
