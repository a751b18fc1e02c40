#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "daemon/base/work_thread.h"
#include "daemon/kiosk/hand_in.h"
#include "daemon/kiosk/visit.h"
#include "drivers/payment/payment_terminal.h"

namespace mailroom::kiosk {

/// What becomes of a payment.
struct TillNews {
  PaymentState state = PaymentState::running;
  std::string step = {};
  std::string text = {};
  std::optional<archive::MatterRow> matter = {};  ///< when paid: as it is handed in
};

/// The card terminal of a kiosk. A payment that was begun is followed to its end, whoever still waits for it:
/// paid hands the matter in, not paid gives up the matter of a person who has left, unknown is asked again
/// until the terminal tells. Thread-safe.
class Till {
 public:
  using OnNews = std::function<void(const TillNews&)>;

  /// `place`: "HOST:PORT", empty: there is no terminal.
  Till(HandIn& hand_in, std::string place, const Clock& clock);
  ~Till();
  Till(const Till&) = delete;
  Till& operator=(const Till&) = delete;

  /// Begins; `news` comes on the till's thread. Errc::busy while another payment lasts, Errc::unsupported
  /// without a terminal.
  Result<void> begin(const archive::MatterRow& matter, OnNews news);
  void abort();   ///< asks the terminal to; what becomes of it is its news
  void forget();  ///< the person has left: nothing is told any more, a running payment is asked to stop

  /// Looks whether the terminal is there, and finds out about payments that are open, later on its thread.
  void look();
  [[nodiscard]] std::string state() const;  ///< "ok", "lost", "none"

  /// For the staff, between citizens: closes the terminal's day, takes a booking back. Errc::busy while
  /// somebody pays or a payment is open of which nobody knows what became.
  Result<std::vector<std::string>> end_day();
  Result<payment::PaymentResult> reverse(const std::string& receipt);

 private:
  template <typename T>
  Result<T> between_payments(const std::function<Result<T>()>& work);
  void carry_out(const archive::MatterRow& matter, int number);
  void settle(const archive::PaymentAttemptRow& attempt, const payment::PaymentOrder& order,
              payment::PaymentResult result, int number);
  void conclude(const archive::PaymentAttemptRow& attempt, const payment::PaymentResult& result, int number);
  void find_out();
  bool tell(int number, const TillNews& news);  // false when nobody waits for it any more

  HandIn& hand_in_;
  std::string place_;
  const Clock& clock_;
  std::unique_ptr<payment::PaymentTerminal> terminal_;  // of the thread
  std::atomic<bool> is_there_ = false;
  std::mutex mutex_;
  std::mutex telling_;
  OnNews news_;
  std::stop_source stop_;
  std::atomic<int> current_ = 0;  // number of the payment somebody waits for; even: none
  std::atomic<bool> busy_ = false;
  std::string waited_for_;  // attempt whose outcome is unknown while its person is there
  std::atomic<bool> ending_ = false;
  WorkThread thread_;
};

}  // namespace mailroom::kiosk
