#include "daemon/kiosk/till.h"

#include <nlohmann/json.hpp>

#include "daemon/base/log.h"
#include "daemon/base/uuid.h"
#include "drivers/payment/zvt/zvt_terminal.h"

namespace mailroom::kiosk {
namespace {

using archive::PaymentAttemptRow;
using nlohmann::json;
using payment::Outcome;
using payment::PaymentResult;
using namespace std::chrono_literals;

constexpr int kAskedAtOnce = 5;  // times a lost outcome is asked for while the person stands there
constexpr auto kBetween = 1s;

std::string outcome_json(const PaymentResult& result) {
  return json{{"outcome", payment::name_of(result.outcome)},
              {"terminal", result.booking.terminal},
              {"receipt", result.booking.receipt},
              {"trace", result.booking.trace},
              {"card", result.booking.card}}
      .dump();
}

payment::PaymentOrder order_of(const archive::MatterRow& matter) {
  return {matter.fee_cents, matter.reference};
}

}  // namespace

Till::Till(HandIn& hand_in, std::string place, const Clock& clock)
    : hand_in_(hand_in), place_(std::move(place)), clock_(clock) {
  if (!place_.empty())
    terminal_ = std::make_unique<payment::zvt::ZvtTerminal>(payment::zvt::ZvtSettings{place_}, clock_);
}

Till::~Till() {
  ending_ = true;
  forget();
  thread_.stop();
}

std::string Till::state() const {
  if (place_.empty()) return "none";
  return is_there_ ? "ok" : "lost";
}

Result<void> Till::begin(const archive::MatterRow& matter, OnNews news) {
  if (!terminal_) return fail(Errc::unsupported, "this kiosk has no card terminal");
  const std::scoped_lock lock(mutex_);
  if (busy_.exchange(true)) return fail(Errc::busy, "the card terminal is in use");
  news_ = std::move(news);
  stop_ = std::stop_source();
  if (current_ % 2 == 0) ++current_;
  thread_.post([this, matter, number = current_.load()] {
    carry_out(matter, number);
    busy_ = false;
  });
  return {};
}

void Till::abort() {
  const std::scoped_lock lock(mutex_);
  stop_.request_stop();
}

void Till::forget() {
  abort();
  const std::scoped_lock quiet(telling_);
  const std::scoped_lock lock(mutex_);
  if (current_ % 2 != 0) ++current_;
  news_ = {};
  waited_for_.clear();
}

bool Till::tell(int number, const TillNews& news) {
  const std::scoped_lock quiet(telling_);
  OnNews listener;
  {
    const std::scoped_lock lock(mutex_);
    if (number % 2 == 0 || current_ != number) return false;
    listener = news_;
  }
  listener(news);
  return true;
}

void Till::carry_out(const archive::MatterRow& matter, int number) {
  const auto order = order_of(matter);
  const auto record = terminal_->prepare(order);
  is_there_ = bool(record);
  if (!record) {
    log::error(record.error());
    if (!tell(number, {PaymentState::declined, "unreachable"}))
      static_cast<void>(hand_in_.give_up(matter.id));
    return;
  }
  const PaymentAttemptRow attempt{new_uuid(clock_), matter.id, place_, std::string(archive::kAttemptRunning),
                                  *record};
  if (const auto noted = hand_in_.begin_payment(attempt); !noted) return log::error(noted.error());
  std::stop_token stop;
  {
    const std::scoped_lock lock(mutex_);
    stop = stop_.get_token();
  }
  auto result = terminal_->authorise(
      order,
      [&](std::string_view step, const std::string& text) {
        tell(number, {PaymentState::running, std::string(step), text});
      },
      stop);
  settle(attempt, order, std::move(result), number);
}

/// The line was lost: the terminal is asked at once, while the person still stands there.
void Till::settle(const PaymentAttemptRow& attempt, const payment::PaymentOrder& order, PaymentResult result,
                  int number) {
  for (int asked = 0; result.outcome == Outcome::unknown && asked < kAskedAtOnce && !ending_; ++asked) {
    std::this_thread::sleep_for(kBetween);
    if (auto found = terminal_->resolve(order, attempt.record)) result = *std::move(found);
  }
  if (result.outcome != Outcome::unknown) return conclude(attempt, result, number);
  is_there_ = false;
  if (const auto noted = hand_in_.note_unknown(attempt, outcome_json(result)); !noted)
    log::error(noted.error());
  {
    const std::scoped_lock lock(mutex_);
    if (current_ == number) waited_for_ = attempt.id;
  }
  tell(number, {PaymentState::unknown});
}

void Till::conclude(const PaymentAttemptRow& attempt, const PaymentResult& result, int number) {
  if (result.outcome == Outcome::paid) {
    if (const auto noted = hand_in_.note_paid(attempt, outcome_json(result)); !noted)
      log::error(noted.error());
    const auto matter = hand_in_.find(attempt.matter);
    tell(number, {PaymentState::paid, "approved", result.text, matter.value_or(std::nullopt)});
    return;
  }
  if (const auto noted = hand_in_.note_not_paid(attempt, outcome_json(result)); !noted)
    log::error(noted.error());
  const bool aborted = result.outcome == Outcome::aborted;
  if (!tell(number, {aborted ? PaymentState::aborted : PaymentState::declined, "declined", result.text}))
    static_cast<void>(hand_in_.give_up(attempt.matter));
}

void Till::look() {
  if (!terminal_ || busy_.exchange(true)) return;
  thread_.post([this] {
    find_out();
    busy_ = false;
  });
}

template <typename T>
Result<T> Till::between_payments(const std::function<Result<T>()>& work) {
  if (!terminal_) return fail(Errc::unsupported, "this kiosk has no card terminal");
  MAILROOM_TRY(const auto open, hand_in_.open_attempts(place_));
  if (!open.empty()) return fail(Errc::busy, "a payment is open", {}, "see `mailroomctl payments` first");
  if (busy_.exchange(true))
    return fail(Errc::busy, "the card terminal is in use", {}, "try again in a moment");
  auto outcome = thread_.call(work);
  busy_ = false;
  return outcome;
}

Result<std::vector<std::string>> Till::end_day() {
  return between_payments<std::vector<std::string>>([this] { return terminal_->end_day(); });
}

Result<PaymentResult> Till::reverse(const std::string& receipt) {
  return between_payments<PaymentResult>([&] { return terminal_->reverse(receipt, {}); });
}

/// Payments of an earlier run or of a lost line, before anybody pays again.
void Till::find_out() {
  is_there_ = bool(terminal_->look());
  const auto open = hand_in_.open_attempts(place_);
  if (!is_there_ || !open) return;
  for (const auto& attempt : *open) {
    const auto matter = hand_in_.find(attempt.matter);
    if (!matter || !*matter || ending_) continue;
    const auto result = terminal_->resolve(order_of(**matter), attempt.record);
    if (!result) {
      log::error(result.error());
      continue;
    }
    int number = 0;
    {
      const std::scoped_lock lock(mutex_);
      if (attempt.id == waited_for_) number = current_;
    }
    conclude(attempt, *result, number);
  }
}

}  // namespace mailroom::kiosk
