#include "drivers/payment/zvt/attempt.h"

#include <cstdlib>
#include <ctime>
#include <nlohmann/json.hpp>

namespace mailroom::payment::zvt {
namespace {

using nlohmann::json;

constexpr int kFormat = 1;
constexpr unsigned kReceipts = 9'999;    // 1 follows 9999
constexpr unsigned kTraces = 1'000'000;  // 0 follows 999999

tl::unexpected<Error> undecided(const std::string& why) {
  return fail(Errc::conflict, "whether the payment was booked cannot be told: " + why, {},
              "compare with the terminal's journal and decide by hand");
}

PaymentResult not_booked() {
  PaymentResult result;
  result.outcome = Outcome::declined;
  result.text = "nichts gebucht";
  return result;
}

unsigned number(const std::string& digits) {
  return unsigned(std::strtoul(digits.c_str(), nullptr, 10));
}

bool is_next_receipt(const std::string& before, const std::string& now) {
  return number(now) == number(before) % kReceipts + 1;
}

/// Whether `trace` came after `before`, within half of all numbers.
bool is_newer_trace(const std::string& before, const std::string& trace) {
  const unsigned ahead = (number(trace) + kTraces - number(before)) % kTraces;
  return ahead > 0 && ahead < kTraces / 2;
}

constexpr long long kSecondsOfDay = 86'400;

long long second_of_year(int month, int day, int hour, int minute, int second) {
  constexpr int kDaysOfMonth = 31;  // only differences within days matter
  return (((month * kDaysOfMonth + day) * 24LL + hour) * 60 + minute) * 60 + second;
}

/// Whether the terminal's clock says that it booked after the attempt began; ten minutes are left to clocks.
bool is_booked_since(const StatusInformation& booked, const std::string& began_at) {
  const auto began = from_rfc3339(began_at);
  if (!began || booked.date.size() != 4 || booked.time.size() != 6) return false;
  const std::time_t at = std::chrono::system_clock::to_time_t(*began);
  std::tm local{};
  if (::localtime_r(&at, &local) == nullptr) return false;
  const auto part = [](const std::string& digits, std::size_t i) { return int(number(digits.substr(i, 2))); };
  const auto then =
      second_of_year(local.tm_mon + 1, local.tm_mday, local.tm_hour, local.tm_min, local.tm_sec);
  const auto now = second_of_year(part(booked.date, 0), part(booked.date, 2), part(booked.time, 0),
                                  part(booked.time, 2), part(booked.time, 4));
  constexpr long long kYear = 12 * 31 * kSecondsOfDay;
  const auto later = ((now - then) % kYear + kYear) % kYear;
  constexpr long long kClocks = 600;
  return later < 7 * kSecondsOfDay || later >= kYear - kClocks;
}

bool is_ours(const PaymentAttempt& attempt, const StatusInformation& last) {
  if (!attempt.receipt.empty()) return is_next_receipt(attempt.receipt, last.receipt);
  return is_booked_since(last, attempt.began_at);
}

Result<PaymentResult> judge_reversal(const PaymentAttempt& attempt, const StatusInformation& last) {
  if (attempt.trace.empty() || is_newer_trace(attempt.trace, last.original_trace)) return not_booked();
  return undecided("it has taken back an earlier booking since");
}

}  // namespace

std::string to_json(const PaymentAttempt& attempt) {
  return json{{"format", kFormat},
              {"reference", attempt.reference},
              {"cents", attempt.cents},
              {"began_at", attempt.began_at},
              {"terminal", attempt.terminal},
              {"receipt", attempt.receipt},
              {"trace", attempt.trace}}
      .dump();
}

Result<PaymentAttempt> read_attempt(const std::string& text) {
  const auto value = json::parse(text, nullptr, false);
  if (!value.is_object()) return fail(Errc::corrupt, "the record of a payment cannot be read");
  try {
    if (value.at("format").get<int>() > kFormat)
      return fail(Errc::unsupported, "the record of a payment is of a newer version of this program");
    return PaymentAttempt{value.at("reference"), value.at("cents"),   value.at("began_at"),
                          value.at("terminal"),  value.at("receipt"), value.at("trace")};
  } catch (const json::exception&) {
    return fail(Errc::corrupt, "the record of a payment lacks something");
  }
}

Result<PaymentResult> judge(const PaymentAttempt& attempt, const std::optional<StatusInformation>& last) {
  if (!last) return undecided("it does not know its last booking");
  if (!attempt.terminal.empty() && last->terminal != attempt.terminal)
    return undecided("another terminal stands in its place");
  if (last->receipt == attempt.receipt && last->trace == attempt.trace) return not_booked();
  if (!last->original_trace.empty()) return judge_reversal(attempt, *last);
  if (!is_ours(attempt, *last)) return undecided("it has booked something else since");
  if (*last->result != result_code::kGood) return not_booked();
  if (last->cents != std::uint64_t(attempt.cents)) return undecided("it has booked another amount since");
  PaymentResult result;
  result.outcome = Outcome::paid;
  result.booking = booking_of(*last);
  result.text = last->text;
  return result;
}

Booking booking_of(const StatusInformation& status) {
  Booking booking;
  booking.terminal = status.terminal;
  booking.receipt = status.receipt;
  booking.trace = status.trace;
  booking.card = status.card_name;
  if (!status.date.empty()) booking.at = status.date + " " + status.time;
  booking.card_number = status.card_number;
  return booking;
}

}  // namespace mailroom::payment::zvt
