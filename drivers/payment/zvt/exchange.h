#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "drivers/payment/payment_terminal.h"
#include "drivers/payment/zvt/messages.h"
#include "drivers/payment/zvt/tcp_line.h"

namespace mailroom::payment::zvt {

struct ZvtSettings {
  std::string place;                        ///< "HOST:PORT"; the port is 20007 when nobody changed it
  std::string password = "000000";          ///< six digits
  std::chrono::milliseconds answer{5'000};  ///< for a connection, and the acknowledgement of a command (T3)
  std::chrono::milliseconds progress{
      180'000};                              ///< between two messages while a person is at the terminal (T4)
  std::chrono::milliseconds whole{900'000};  ///< for all messages of one command
};

/// What a command came to.
struct Course {
  std::optional<std::uint8_t> refused_with;  ///< 84 xx came instead of an acknowledgement: nothing happens
  bool completed = false;                    ///< 06 0F came
  std::optional<std::uint8_t> aborted_with;  ///< 06 1E came, with this result code
  std::optional<StatusInformation> status;   ///< the last 04 0F
  Bytes completion;                          ///< data of 06 0F
  std::vector<TextBlock> receipts;
  bool asked_to_stop = false;  ///< we sent 06 B0
};

/// One command and all the terminal says until its end (PA00P015, chapter 1: the terminal has the word until
/// 06 0F or 06 1E). Thread-bound.
class Exchange {
 public:
  /// All are used as long as this lives.
  Exchange(TcpLine& line, const ZvtSettings& settings, const OnStep& on_step, std::stop_token stop)
      : line_(line), settings_(settings), on_step_(on_step), stop_(std::move(stop)) {}

  /// After an error nobody knows what happens at the terminal.
  Result<Course> carry_out(const Apdu& command);

 private:
  Result<void> await_acknowledgement();
  Result<void> follow();
  Result<void> ask_to_stop();
  Result<void> take(const Apdu& told);
  Result<void> take_step(const Apdu& told);
  Result<void> take_print_line(const Apdu& told);
  Result<void> take_text_block(const Apdu& told);
  void close_receipt();

  TcpLine& line_;
  const ZvtSettings& settings_;
  const OnStep& on_step_;
  std::stop_token stop_;
  Course course_;
  TextBlock printing_;  // lines that came one by one
  bool ended_ = false;
  std::size_t messages_ = 0;
};

}  // namespace mailroom::payment::zvt
