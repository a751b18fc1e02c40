#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mailroom::invoice {

/// An amount as it is printed: "1.530,00 €", "12,50-", "3,9000". `value` counts ten-thousandths.
struct WrittenAmount {
  std::int64_t value = 0;
  int decimals = 0;       ///< digits printed after the decimal sign
  bool currency = false;  ///< a currency sign or code is attached
  bool repaired = false;  ///< letters stood for digits: "1.53O,00"
  [[nodiscard]] std::int64_t cents() const { return value / 100; }
};

/// German and English notation, signs before or behind. Whole numbers have no decimals; "120,-" and
/// "120,--" have two. Empty when it is no amount, has more than four decimals or exceeds 10^9.
std::optional<WrittenAmount> read_amount(std::string_view text);

/// "19%", "7,00 %", "19.0%": hundredths of a percent. The sign is required.
std::optional<int> read_percent(std::string_view text);

/// "05.03.2018", "5.3.18", "2018-03-05", "05/03/2018" as ISO; checked against the calendar, 1990 to
/// 2099. With three words also "10. November 2026".
std::optional<std::string> read_date(std::string_view text);
std::optional<std::string> read_date(std::string_view day, std::string_view month, std::string_view year);

/// Days since 1970-01-01 of an ISO date that passed read_date().
long day_number(std::string_view iso);
std::string iso_date(long day_number);

/// "1530.00": cents as a decimal string.
std::string decimal(std::int64_t cents);

/// The cents of a decimal string with at most two decimals, as a person or decimal() writes it.
std::optional<std::int64_t> cents_from(std::string_view decimal);

}  // namespace mailroom::invoice
