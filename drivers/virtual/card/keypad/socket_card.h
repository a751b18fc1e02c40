#pragma once

#include <string>

#include "daemon/base/unique_fd.h"
#include "drivers/card/card_reader.h"

namespace mailroom::card {

/// A virtual card at the other end of a Unix socket, by the messages of VpcdSlot. Thread-bound.
class SocketCard final : public Card {
 public:
  explicit SocketCard(std::string path) : path_(std::move(path)) {}

  bool is_there();  ///< connects if it can
  Result<Bytes> atr();
  void power(bool on);

  Result<Bytes> exchange(ByteView message);
  Result<ResponseApdu> transmit(const CommandApdu& command) override;
  [[nodiscard]] bool has_keypad() const override { return false; }
  Result<ReaderPaceResult> establish_pace(const ReaderPaceOrder& order) override;

 private:
  Result<void> send(ByteView message);

  std::string path_;
  UniqueFd socket_;
};

}  // namespace mailroom::card
