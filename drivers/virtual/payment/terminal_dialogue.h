#pragma once

#include <chrono>
#include <optional>
#include <stop_token>

#include "drivers/payment/zvt/tcp_line.h"

namespace mailroom::payment {

/// A virtual terminal's end of the line to a register: who has the word, acknowledgements, the wish to abort.
/// A line that is lost is not an error here, the terminal decides whether it goes on. Thread-bound.
class TerminalDialogue {
 public:
  /// `answer`: for the register's acknowledgement. `stop` ends the line.
  TerminalDialogue(zvt::TcpLine line, std::chrono::milliseconds answer, std::stop_token stop)
      : line_(std::move(line)), answer_(answer), stop_(std::move(stop)) {}

  /// The register's next command; nullopt when there are no more. A wish to abort an earlier one is
  /// forgotten.
  std::optional<zvt::Apdu> next_command();

  void accept();                        ///< 80 00
  void refuse(std::uint8_t code);       ///< 84 xx
  bool tell(const zvt::Apdu& message);  ///< and waits for 80 00; false when nobody acknowledged
  void send(const zvt::Apdu& message);  ///< and waits for nothing

  /// Waits as for a person; false when the register wishes to abort.
  bool wait_for(std::chrono::milliseconds time);

  void drop() { gone_ = true; }  ///< the line is ended when this goes
  [[nodiscard]] bool is_gone() const { return gone_; }

 private:
  void hear(const zvt::Apdu& message);

  zvt::TcpLine line_;
  std::chrono::milliseconds answer_;
  std::stop_token stop_;
  bool gone_ = false;
  bool abort_wished_ = false;
};

}  // namespace mailroom::payment
