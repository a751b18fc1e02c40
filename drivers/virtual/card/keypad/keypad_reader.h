#pragma once

#include <memory>
#include <optional>
#include <string>

#include "drivers/card/eid/pace.h"
#include "drivers/virtual/card/keypad/socket_card.h"

namespace mailroom::card {

/// A card reader with a keypad (BSI TR-03119 Cat-K) as the software behind a driver for pcscd: it runs PACE
/// itself and protects what follows. What is "typed" stands in the file PATH.keypad: digits, or "cancel";
/// without the file nobody types. PATH is the socket of the virtual card. Thread-bound.
class KeypadReader {
 public:
  explicit KeypadReader(const std::string& path) : card_(path), keypad_(path + ".keypad") {}

  SocketCard& card() { return card_; }
  void reset() { channel_.reset(); }
  Bytes transmit(ByteView command);      ///< empty when the card is gone
  Bytes execute_pace(ByteView request);  ///< an EXECUTE_PACE message and its answer

 private:
  Bytes establish(ByteView input);
  [[nodiscard]] std::string typed() const;

  SocketCard card_;
  std::string keypad_;
  std::optional<EidChannel> channel_;
};

}  // namespace mailroom::card
