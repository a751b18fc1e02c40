#pragma once

#include "daemon/base/clock.h"
#include "drivers/payment/payment_terminal.h"
#include "drivers/payment/zvt/exchange.h"

namespace mailroom::payment::zvt {

/// A card terminal by ZVT over TCP: the terminal is the server (PA00P015 revision 13, PA00P016).
/// Thread-bound.
class ZvtTerminal final : public PaymentTerminal {
 public:
  explicit ZvtTerminal(ZvtSettings settings);
  /// `clock` is used as long as this lives.
  ZvtTerminal(ZvtSettings settings, const Clock& clock);

  Result<void> look() override;
  Result<std::string> prepare(const PaymentOrder& order) override;
  PaymentResult authorise(const PaymentOrder& order, const OnStep& on_step,
                          const std::stop_token& stop) override;
  Result<PaymentResult> resolve(const PaymentOrder& order, const std::string& record) override;
  Result<PaymentResult> reverse(const std::string& receipt, const OnStep& on_step) override;
  Result<std::vector<std::string>> end_day() override;

 private:
  Result<TcpLine> registered();
  Result<Course> tell(TcpLine& line, const Apdu& command, const OnStep& on_step = {},
                      const std::stop_token& stop = {});
  Result<Course> carry_out(TcpLine& line, const Apdu& command, const OnStep& on_step = {},
                           const std::stop_token& stop = {});
  Result<std::uint8_t> state(TcpLine& line);
  Result<Course> last_booking();

  ZvtSettings settings_;
  const Clock& clock_;
};

}  // namespace mailroom::payment::zvt
