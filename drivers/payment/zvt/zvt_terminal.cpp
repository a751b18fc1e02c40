#include "drivers/payment/zvt/zvt_terminal.h"

#include <algorithm>

#include "drivers/payment/zvt/attempt.h"

namespace mailroom::payment::zvt {
namespace {

constexpr int kMostCents = 99'999'999;

const Clock& machine_clock() {
  static const SystemClock clock;
  return clock;
}

bool are_digits(const std::string& text, std::size_t count) {
  return text.size() == count &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Complete enough to be told apart from other bookings.
bool is_telling(const StatusInformation& status) {
  return status.result && !status.receipt.empty() && !status.trace.empty() && !status.terminal.empty();
}

void move_receipts(Course& course, PaymentResult& result) {
  for (auto& receipt : course.receipts) {
    auto& lines = receipt.kind == ReceiptKind::merchant ? result.merchant_lines : result.lines;
    lines.insert(lines.end(), std::make_move_iterator(receipt.lines.begin()),
                 std::make_move_iterator(receipt.lines.end()));
  }
}

/// A terminal may tell a reversal like a payment but for the words of its receipt.
bool speaks_of_reversal(const std::vector<std::string>& lines) {
  return std::any_of(lines.begin(), lines.end(), [](const std::string& line) {
    return line.find("torno") != std::string::npos || line.find("TORNO") != std::string::npos;
  });
}

PaymentResult not_paid(std::string why) {
  PaymentResult result;
  result.outcome = Outcome::declined;
  result.text = std::move(why);
  return result;
}

/// A failed end that the terminal gave a reason for.
PaymentResult ended_with(std::uint8_t code, const Course& course) {
  PaymentResult result;
  result.outcome = code == result_code::kCancelled ? Outcome::aborted : Outcome::declined;
  if (result.outcome == Outcome::aborted)
    result.aborted_by = course.asked_to_stop ? AbortedBy::us : AbortedBy::person;
  result.text = words_of_result(code);
  return result;
}

bool is_amount(const StatusInformation& status, int cents) {
  constexpr std::string_view kEuro = "0978";
  return status.cents == std::uint64_t(cents) && (status.currency.empty() || status.currency == kEuro);
}

/// What cannot be told with certainty is unknown: a good result and then an abort, an end without a result, a
/// result of another amount, an abort without a reason.
PaymentResult outcome_of(const Course& course, std::optional<int> cents) {
  const auto& status = course.status;
  const bool said_good = status && status->result == result_code::kGood;
  if (course.aborted_with) {
    if (said_good || *course.aborted_with == result_code::kSystemError ||
        *course.aborted_with == result_code::kGood)
      return {};
    return ended_with(*course.aborted_with, course);
  }
  if (!status || !status->result) return {};
  if (!said_good) return ended_with(*status->result, course);
  if (!is_telling(*status) || (cents && !is_amount(*status, *cents))) return {};
  PaymentResult result;
  result.outcome = Outcome::paid;
  result.booking = booking_of(*status);
  return result;
}

PaymentResult result_of(Course course, std::optional<int> cents) {
  auto result = outcome_of(course, cents);
  move_receipts(course, result);
  if (course.status && !course.status->text.empty()) result.text = course.status->text;
  return result;
}

}  // namespace

ZvtTerminal::ZvtTerminal(ZvtSettings settings) : ZvtTerminal(std::move(settings), machine_clock()) {}

ZvtTerminal::ZvtTerminal(ZvtSettings settings, const Clock& clock)
    : settings_(std::move(settings)), clock_(clock) {}

Result<Course> ZvtTerminal::tell(TcpLine& line, const Apdu& command, const OnStep& on_step,
                                 const std::stop_token& stop) {
  auto course = Exchange(line, settings_, on_step, stop).carry_out(command);
  if (!course && course.error().place.device.empty()) course.error().place.device = settings_.place;
  return course;
}

/// Errc::refused when the terminal does not take the command up: then nothing happens at it.
Result<Course> ZvtTerminal::carry_out(TcpLine& line, const Apdu& command, const OnStep& on_step,
                                      const std::stop_token& stop) {
  auto course = tell(line, command, on_step, stop);
  if (course && course->refused_with)
    return fail(Errc::refused, "the card terminal refuses: " + words_of_result(*course->refused_with),
                Place::on_device(settings_.place));
  return course;
}

Result<TcpLine> ZvtTerminal::registered() {
  constexpr std::size_t kPasswordDigits = 6;
  if (!are_digits(settings_.password, kPasswordDigits))
    return fail(Errc::invalid_input, "the password of a card terminal has six digits",
                Place::on_device(settings_.place));
  MAILROOM_TRY(auto line, TcpLine::connect(settings_.place, settings_.answer));
  MAILROOM_TRY(const auto course, carry_out(line, registration(settings_.password)));
  if (!course.completed)
    return fail(Errc::refused,
                "the card terminal does not let us in: " + words_of_result(*course.aborted_with),
                Place::on_device(settings_.place), "check its password");
  return line;
}

/// 0 also for a terminal that does not know the question.
Result<std::uint8_t> ZvtTerminal::state(TcpLine& line) {
  MAILROOM_TRY(const auto course, tell(line, status_enquiry(settings_.password)));
  if (course.refused_with == result_code::kNotPossible) return std::uint8_t{0};
  if (course.refused_with) return result_code::kBusy;
  return course.completed ? read_terminal_state(course.completion) : *course.aborted_with;
}

Result<void> ZvtTerminal::look() {
  MAILROOM_TRY(auto line, registered());
  MAILROOM_TRY(const auto now, state(line));
  if (now == 0) return {};
  return fail(Errc::busy, "the card terminal is not ready: " + words_of_state(now),
              Place::on_device(settings_.place));
}

/// Without a status when it has booked nothing yet, or does not answer this question at all.
Result<Course> ZvtTerminal::last_booking() {
  const auto place = Place::on_device(settings_.place);
  MAILROOM_TRY(auto line, registered());
  MAILROOM_TRY(const auto now, state(line));
  if (may_be_paying(now))
    return fail(Errc::busy, "the card terminal is still at work: " + words_of_state(now), place);
  MAILROOM_TRY(auto course, tell(line, repeat_receipt(settings_.password)));
  const auto refused = course.refused_with ? course.refused_with : course.aborted_with;
  if (refused == result_code::kNotPossible && !course.status) return course;
  if (refused)
    return fail(Errc::busy, "the card terminal does not tell its last booking: " + words_of_result(*refused),
                place);
  if (!course.status || !is_telling(*course.status))
    return fail(Errc::unsupported, "the card terminal does not tell its last booking", place,
                "it must answer 06 20 with a status information; ask its maintainer");
  return course;
}

Result<std::string> ZvtTerminal::prepare(const PaymentOrder& order) {
  if (order.cents < 1 || order.cents > kMostCents)
    return fail(Errc::invalid_input, "a payment is of 0.01 to 999999.99 EUR");
  MAILROOM_TRY(const auto last, last_booking());
  PaymentAttempt attempt{order.reference, order.cents, to_rfc3339(clock_.now()), {}, {}, {}};
  if (last.status) {
    attempt.terminal = last.status->terminal;
    attempt.receipt = last.status->receipt;
    attempt.trace = last.status->trace;
  }
  return to_json(attempt);
}

PaymentResult ZvtTerminal::authorise(const PaymentOrder& order, const OnStep& on_step,
                                     const std::stop_token& stop) {
  if (order.cents < 1 || order.cents > kMostCents) return not_paid("Betrag außerhalb des Erlaubten");
  auto line = registered();
  if (!line) return not_paid("Das Kartenterminal ist nicht bereit");
  if (stop.stop_requested()) {
    auto result = not_paid("Abgebrochen");
    result.outcome = Outcome::aborted;
    result.aborted_by = AbortedBy::us;
    return result;
  }
  auto course = carry_out(*line, authorisation(std::uint64_t(order.cents)), on_step, stop);
  if (course) return result_of(*std::move(course), order.cents);
  if (course.error().code == Errc::refused) return not_paid(course.error().what);
  PaymentResult result;
  result.text = course.error().what;
  return result;
}

Result<PaymentResult> ZvtTerminal::resolve(const PaymentOrder& order, const std::string& record) {
  MAILROOM_TRY(const auto attempt, read_attempt(record));
  if (attempt.cents != order.cents || attempt.reference != order.reference)
    return fail(Errc::conflict, "the record of a payment belongs to another order");
  MAILROOM_TRY(auto last, last_booking());
  MAILROOM_TRY(auto result, judge(attempt, last.status));
  if (result.outcome != Outcome::paid) return result;
  move_receipts(last, result);
  if (speaks_of_reversal(result.lines) || speaks_of_reversal(result.merchant_lines))
    return fail(Errc::conflict,
                "whether the payment was booked cannot be told: the last receipt is of a reversal",
                Place::on_device(settings_.place), "compare with the terminal's journal and decide by hand");
  return result;
}

Result<PaymentResult> ZvtTerminal::reverse(const std::string& receipt, const OnStep& on_step) {
  constexpr std::size_t kReceiptDigits = 4;
  if (!are_digits(receipt, kReceiptDigits))
    return fail(Errc::invalid_input, "a receipt number has four digits");
  MAILROOM_TRY(auto line, registered());
  auto course = carry_out(line, reversal(settings_.password, receipt), on_step);
  if (course) return result_of(*std::move(course), {});
  if (course.error().code == Errc::refused) return not_paid(course.error().what);
  PaymentResult result;
  result.text = course.error().what;
  return result;
}

Result<std::vector<std::string>> ZvtTerminal::end_day() {
  MAILROOM_TRY(auto line, registered());
  MAILROOM_TRY(auto course, carry_out(line, zvt::end_of_day(settings_.password)));
  if (!course.completed)
    return fail(Errc::refused,
                "the card terminal does not close its day: " + words_of_result(*course.aborted_with),
                Place::on_device(settings_.place));
  std::vector<std::string> lines;
  for (auto& receipt : course.receipts) lines.insert(lines.end(), receipt.lines.begin(), receipt.lines.end());
  return lines;
}

}  // namespace mailroom::payment::zvt
