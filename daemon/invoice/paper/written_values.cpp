#include "daemon/invoice/paper/written_values.h"

#include <array>
#include <chrono>
#include <cstdlib>

#include "daemon/invoice/paper/layout.h"

namespace mailroom::invoice {
namespace {

constexpr std::int64_t kLargest = 1'000'000'000'0000;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool take(std::string_view& text, std::string_view beginning) {
  if (text.substr(0, beginning.size()) != beginning) return false;
  text.remove_prefix(beginning.size());
  return true;
}

bool drop(std::string_view& text, std::string_view end) {
  if (text.size() < end.size() || text.substr(text.size() - end.size()) != end) return false;
  text.remove_suffix(end.size());
  return true;
}

constexpr std::array<std::string_view, 5> kCurrencies{"€", "EUR", "Euro", "EURO", "eur"};

/// What surrounds the digits: brackets, currency, signs.
struct Frame {
  bool negative = false;
  bool currency = false;
};

Frame take_frame(std::string_view& text) {
  Frame frame;
  for (bool again = true; again && !text.empty();) {
    again = false;
    for (const auto sign : kCurrencies) {
      if (take(text, sign) || drop(text, sign)) frame.currency = again = true;
    }
    if (take(text, "-") || take(text, "−") || take(text, "–")) frame.negative = again = true;
    if (take(text, "+") || take(text, "(") || drop(text, ")") || take(text, "|") || drop(text, "|") ||
        drop(text, "*") || drop(text, ":") || drop(text, ";") || drop(text, "="))
      again = true;
  }
  return frame;
}

/// Letters that recognition puts where a digit stands, only next to digits.
std::string with_digits(std::string_view text, bool& repaired) {
  std::string out(text);
  std::size_t digits = 0;
  for (const char c : text) digits += is_digit(c) ? 1 : 0;
  if (digits < 2 || digits * 3 < text.size()) return out;
  for (char& c : out) {
    const char digit = c == 'O' || c == 'o' || c == 'Q' ? '0'
                       : c == 'l' || c == 'I'           ? '1'
                       : c == 'S'                       ? '5'
                       : c == 'B'                       ? '8'
                                                        : c;
    repaired = repaired || digit != c;
    c = digit;
  }
  return out;
}

/// Groups of three between equal separators, then the decimals behind another one.
std::optional<WrittenAmount> read_digits(const std::string& text) {
  std::string digits;
  char last = 0;
  std::size_t since = 0, separators = 0;
  char group = 0;
  for (const char c : text) {
    if (is_digit(c)) {
      digits += c;
      ++since;
      continue;
    }
    if (c != '.' && c != ',' && c != '\'') return std::nullopt;
    if (digits.empty()) return std::nullopt;
    // All separators but the last one part groups of three.
    if (separators > 0 && (since != 3 || (group != 0 && group != last))) return std::nullopt;
    if (separators > 0) group = last;
    last = c;
    ++separators;
    since = 0;
  }
  if (digits.empty() || digits.size() > 14) return std::nullopt;
  WrittenAmount amount;
  const bool groups_only = separators > 0 && since == 3 && (separators > 1 ? group == last : last != ',');
  if (separators > 1 && !groups_only && group == last) return std::nullopt;
  if (separators > 0 && !groups_only) {
    if (since == 0 || since > 4 || last == '\'') return std::nullopt;
    amount.decimals = int(since);
  }
  amount.value = std::strtoll(digits.c_str(), nullptr, 10);
  for (int i = amount.decimals; i < 4; ++i) amount.value *= 10;
  if (amount.value > kLargest) return std::nullopt;
  return amount;
}

std::optional<std::string> checked_date(int year, int month, int day) {
  if (year < 100) year += year < 70 ? 2000 : 1900;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(unsigned(month)),
                                         std::chrono::day(unsigned(day))};
  if (month < 1 || day < 1 || !date.ok() || year < 1990 || year > 2099) return std::nullopt;
  const auto digits = [](int number) { return std::to_string(number); };
  const auto two = [&](int number) { return (number < 10 ? "0" : "") + digits(number); };
  return digits(year) + "-" + two(month) + "-" + two(day);
}

int month_named(const std::string& folded) {
  static constexpr std::array<std::array<std::string_view, 4>, 12> kMonths{
      {{"januar", "jan", "january", "jaenner"},
       {"februar", "feb", "february", "febr"},
       {"maerz", "mrz", "march", "mar"},
       {"april", "apr", "", ""},
       {"mai", "may", "", ""},
       {"juni", "jun", "june", ""},
       {"juli", "jul", "july", ""},
       {"august", "aug", "", ""},
       {"september", "sep", "sept", ""},
       {"oktober", "okt", "october", "oct"},
       {"november", "nov", "", ""},
       {"dezember", "dez", "december", "dec"}}};
  for (std::size_t month = 0; month < kMonths.size(); ++month) {
    for (const auto name : kMonths[month]) {
      if (!name.empty() && (folded == name || nearly_equal(folded, name))) return int(month) + 1;
    }
  }
  return 0;
}

/// A whole number of one to four digits; -1 when it is something else.
int small_number(std::string_view text) {
  if (text.empty() || text.size() > 4) return -1;
  int value = 0;
  for (const char c : text) {
    if (!is_digit(c)) return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::string_view bare(std::string_view text) {
  while (!text.empty() && !is_digit(text.front())) text.remove_prefix(1);
  while (!text.empty() && !is_digit(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

std::optional<WrittenAmount> read_amount(std::string_view text) {
  Frame frame = take_frame(text);
  const bool dashes = drop(text, ",--") || drop(text, ",-") || drop(text, ",—") || drop(text, ",–");
  if (!dashes && (drop(text, "-") || drop(text, "−"))) frame.negative = true;
  if (text.empty() || text.size() > 24) return std::nullopt;
  bool repaired = false;
  auto amount = read_digits(with_digits(text, repaired));
  if (!amount) return std::nullopt;
  if (dashes) {
    if (amount->decimals != 0) return std::nullopt;
    amount->decimals = 2;
  }
  if (frame.negative) amount->value = -amount->value;
  amount->currency = frame.currency;
  amount->repaired = repaired;
  return amount;
}

std::optional<int> read_percent(std::string_view text) {
  while (!text.empty() &&
         (text.back() == ')' || text.back() == ':' || text.back() == ',' || text.back() == '.'))
    text.remove_suffix(1);
  while (!text.empty() && text.front() == '(') text.remove_prefix(1);
  if (!drop(text, "%")) return std::nullopt;
  const auto amount = read_amount(text);
  if (!amount || amount->value < 0 || amount->value > 100'0000) return std::nullopt;
  return int(amount->value / 100);
}

std::optional<std::string> read_date(std::string_view text) {
  text = bare(text);
  if (text.size() < 6 || text.size() > 10) return std::nullopt;
  std::array<std::string_view, 3> parts;
  std::size_t part = 0;
  const auto separator = text.find_first_not_of("0123456789");
  if (separator == std::string_view::npos) return std::nullopt;
  const char sign = text[separator];
  if (sign != '.' && sign != '-' && sign != '/') return std::nullopt;
  for (std::size_t from = 0; part < 3; ++part) {
    const auto to = text.find(sign, from);
    parts[part] = text.substr(from, to == std::string_view::npos ? to : to - from);
    if (to == std::string_view::npos) break;
    from = to + 1;
  }
  if (part != 2) return std::nullopt;
  const int first = small_number(parts[0]), second = small_number(parts[1]), third = small_number(parts[2]);
  if (first < 0 || second < 0 || third < 0 || parts[1].size() > 2) return std::nullopt;
  if (parts[0].size() == 4) return parts[2].size() == 2 ? checked_date(first, second, third) : std::nullopt;
  if (parts[0].size() > 2 || (parts[2].size() != 4 && (parts[2].size() != 2 || sign == '-')))
    return std::nullopt;
  return checked_date(third, second, first);
}

std::optional<std::string> read_date(std::string_view day, std::string_view month, std::string_view year) {
  const int in_year = month_named(fold(month));
  const auto number = bare(year);
  if (in_year == 0 || number.size() != 4) return std::nullopt;
  const int of_month = small_number(bare(day));
  if (of_month < 1 || day.size() > 4) return std::nullopt;
  return checked_date(small_number(number), in_year, of_month);
}

long day_number(std::string_view iso) {
  const std::string text(iso);
  const std::chrono::year_month_day date{std::chrono::year(std::atoi(text.substr(0, 4).c_str())),
                                         std::chrono::month(unsigned(std::atoi(text.substr(5, 2).c_str()))),
                                         std::chrono::day(unsigned(std::atoi(text.substr(8, 2).c_str())))};
  return std::chrono::sys_days(date).time_since_epoch().count();
}

std::string iso_date(long number) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(number))};
  return checked_date(int(date.year()), int(unsigned(date.month())), int(unsigned(date.day()))).value_or("");
}

std::string decimal(std::int64_t cents) {
  const std::int64_t size = cents < 0 ? -cents : cents;
  const auto rest = std::to_string(size % 100);
  return (cents < 0 ? "-" : "") + std::to_string(size / 100) + "." + (rest.size() < 2 ? "0" : "") + rest;
}

std::optional<std::int64_t> cents_from(std::string_view text) {
  const auto amount = read_amount(text);
  if (!amount || amount->decimals > 2 || amount->repaired) return std::nullopt;
  return amount->cents();
}

}  // namespace mailroom::invoice
