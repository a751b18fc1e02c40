#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "drivers/payment/payment_terminal.h"
#include "drivers/payment/zvt/fields.h"
#include "drivers/payment/zvt/tcp_line.h"

namespace mailroom::payment::zvt {

struct ZvtSettings {
  std::string place;              ///< "HOST:PORT"
  std::string password = "000000";  ///< six digits, of registration and reversal
  std::chrono::milliseconds answer{5'000};     ///< for the acknowledgement of a command (T3)
  std::chrono::milliseconds progress{180'000};  ///< between two messages while a person is at the terminal (T4)
};

/// A card terminal by ZVT over TCP: the terminal is the server (PA00P015 revision 13, PA00P016). A connection lasts for
/// one command. Thread-bound.
class ZvtTerminal final : public PaymentTerminal {
 public:
  explicit ZvtTerminal(ZvtSettings settings) : settings_(std::move(settings)) {}

  Result<void> look() override;
  Result<std::string> prepare(const PaymentOrder& order) override;
  PaymentResult authorise(const PaymentOrder& order, const OnStep& on_step, const std::stop_token& stop) override;
  Result<PaymentResult> resolve(const PaymentOrder& order, const std::string& record) override;
  Result<PaymentResult> reverse(const std::string& receipt, const OnStep& on_step) override;
  Result<std::vector<std::string>> end_day() override;

 private:
  /// What a command came to.
  struct Course {
    bool completed = false;  ///< 06 0F; else 06 1E
    int error = 0;           ///< of the abort
    Fields status = {};      ///< of the last status information
    std::vector<std::string> lines = {};
  };
  Result<TcpLine> registered();
  Result<Course> carry_out(TcpLine& line, const Apdu& command, const OnStep& on_step, const std::stop_token& stop);
  Result<void> await_acknowledgement(TcpLine& line);
  Result<bool> take(TcpLine& line, const Apdu& told, Course& course, const OnStep& on_step);
  Result<Fields> last_booking();
  PaymentResult result_of(const Course& course) const;

  ZvtSettings settings_;
};

}  // namespace mailroom::payment::zvt
