#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mailroom::invoice {

/// An exact decimal number with up to 18 digits before and 8 after the point: amounts, prices, rates and
/// quantities. Never a binary fraction.
class Decimal {
 public:
  constexpr Decimal() = default;
  constexpr Decimal(int whole) : units_(Units(whole) * kUnit) {}  // NOLINT: a whole number is a decimal

  /// Reads an xs:decimal ("-12.50", "+3", ".5", white space around it allowed). nullopt for anything else,
  /// for more than 18 digits before the point and for a ninth digit after it that is not zero.
  static std::optional<Decimal> parse(std::string_view text);
  static Decimal of_cents(std::int64_t cents);

  /// The shortest form without an exponent, with at least `places` digits after the point: "336.9", "473.00".
  [[nodiscard]] std::string text(int places = 0) const;

  /// To two places, as XPath's round() does it: floor(x * 100 + 0.5) / 100.
  [[nodiscard]] Decimal rounded() const { return rounded_to(kUnit / 100); }
  [[nodiscard]] Decimal rounded_to_whole() const { return rounded_to(kUnit); }
  [[nodiscard]] Decimal percent(Decimal rate) const { return *this * rate / 100; }
  [[nodiscard]] Decimal abs() const { return units_ < 0 ? -*this : *this; }
  [[nodiscard]] int whole() const { return int(units_ / kUnit); }  ///< cut after the point; below 2^31
  [[nodiscard]] long double as_long_double() const { return static_cast<long double>(units_) / kUnit; }
  [[nodiscard]] bool is_zero() const { return units_ == 0; }

  Decimal operator-() const { return Decimal(Raw{-units_}); }
  friend Decimal operator+(Decimal a, Decimal b) { return Decimal(Raw{a.units_ + b.units_}); }
  friend Decimal operator-(Decimal a, Decimal b) { return Decimal(Raw{a.units_ - b.units_}); }
  friend Decimal operator*(Decimal a, Decimal b);  ///< cut after the eighth place
  friend Decimal operator/(Decimal a, int divisor) { return Decimal(Raw{a.units_ / divisor}); }
  Decimal& operator+=(Decimal other) { return *this = *this + other; }
  Decimal& operator-=(Decimal other) { return *this = *this - other; }
  friend bool operator==(Decimal a, Decimal b) { return a.units_ == b.units_; }
  friend bool operator<(Decimal a, Decimal b) { return a.units_ < b.units_; }
  friend bool operator>(Decimal a, Decimal b) { return b < a; }
  friend bool operator<=(Decimal a, Decimal b) { return !(b < a); }
  friend bool operator>=(Decimal a, Decimal b) { return !(a < b); }

 private:
  __extension__ using Units = __int128;
  struct Raw {
    Units units;
  };
  static constexpr int kPlaces = 8;
  static constexpr Units kUnit = 100'000'000;

  constexpr explicit Decimal(Raw raw) : units_(raw.units) {}
  [[nodiscard]] Decimal rounded_to(Units step) const;

  Units units_ = 0;  ///< in 10^-8
};

/// True when `text` is an xs:decimal of any length, white space around it allowed.
bool is_decimal_text(std::string_view text);

}  // namespace mailroom::invoice
