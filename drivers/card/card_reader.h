#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"
#include "drivers/card/apdu/apdu.h"

namespace mailroom::card {

/// What the holder proves to the card in PACE, by its number there (BSI TR-03110-3 B.14.2).
enum class PasswordKind : std::uint8_t { can = 2, pin = 3, puk = 4 };

/// PACE by the reader itself (PC/SC part 10 amendment 1, EXECUTE_PACE): a PIN is typed at its keypad and never
/// leaves it.
struct ReaderPaceOrder {
  PasswordKind kind = PasswordKind::pin;
  Bytes chat = {};                     ///< object 7F4C, what the holder is asked to permit
  Bytes certificate_description = {};  ///< who asks, as the reader shows it
  std::string can = {};                ///< for PasswordKind::can only: the number printed on the card
};

struct ReaderPaceResult {
  std::uint16_t status = 0x9000;         ///< 9000: the channel stands; else how the card refused, and nothing below
  std::uint16_t set_at_status = 0x9000;  ///< what the card said of the password's tries
  Bytes card_access;
  Bytes certificate_authority;  ///< the CVCA the card trusts
  Bytes card_id;                ///< Comp(ephemeral key of the card)
};

/// One card, held exclusively until this goes; then it is reset. Thread-bound.
class Card {
 public:
  virtual ~Card() = default;

  /// One command and its answer. Errc::device_lost when the card was taken away, Errc::unreachable when the
  /// reader was; from then on there is only this error.
  virtual Result<ResponseApdu> transmit(const CommandApdu& command) = 0;

  /// Whether the reader has a keypad and runs PACE itself.
  [[nodiscard]] virtual bool has_keypad() const = 0;

  /// Errc::unsupported without a keypad; Errc::cancelled by the holder, Errc::timed_out without an entry.
  /// A card that refuses, also for a wrong password, is a result. Afterwards the reader protects
  /// the commands itself, until some come that are protected already.
  virtual Result<ReaderPaceResult> establish_pace(const ReaderPaceOrder& order) = 0;
};

struct ReaderSight {
  std::string name;
  bool card = false;
  Bytes atr = {};
  bool operator==(const ReaderSight&) const = default;
};

/// The card readers of this computer. Every error leaves it usable: readers and the service behind them come
/// back. Thread-bound.
class CardReaders {
 public:
  virtual ~CardReaders() = default;

  /// All readers that are connected now. None is no error.
  virtual Result<std::vector<ReaderSight>> look() = 0;

  /// Waits until a reader or a card has come or gone since the last look(); false when none has by `timeout`.
  virtual Result<bool> wait_for_change(std::chrono::milliseconds timeout) = 0;

  /// Errc::not_found without that reader, Errc::device_lost without a card in it, Errc::busy when another
  /// program holds the card.
  virtual Result<std::unique_ptr<Card>> connect(const std::string& reader) = 0;
};

}  // namespace mailroom::card
