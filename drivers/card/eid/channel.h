#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "drivers/card/apdu/secure_messaging.h"
#include "drivers/card/card_reader.h"
#include "drivers/card/eid/fault.h"

namespace mailroom::card {

/// Commands to one eID card, protected as soon as keys are agreed. Never again plain after that: once a
/// protected answer was wrong every call is EidFault::channel_broken. Thread-bound.
class EidChannel {
 public:
  explicit EidChannel(Card& card) : card_(card) {}

  /// Sends a command and gives the card's own answer.
  EidResult<ResponseApdu> send(const CommandApdu& command);

  /// The same where nothing but 9000 will do; another status is `fault`, and the text says `step`.
  EidResult<Bytes> send_ok(const CommandApdu& command, EidFault fault, std::string_view step);

  /// All of an elementary file by its identifier, at most 32 KiB.
  EidResult<Bytes> read_file(std::uint16_t identifier, EidFault fault, std::string_view step);

  void protect(std::unique_ptr<SessionCipher> cipher) { secure_.emplace(std::move(cipher)); }
  [[nodiscard]] bool is_protected() const { return secure_.has_value(); }
  [[nodiscard]] Card& card() { return card_; }

 private:
  EidResult<ResponseApdu> send_protected(const CommandApdu& command);

  Card& card_;
  std::optional<SecureMessaging> secure_;
};

/// Reads on with READ BINARY from `read_at` until the card has no more.
EidResult<Bytes> read_to_end(const std::function<EidResult<ResponseApdu>(std::size_t offset)>& read_at,
                             EidFault fault, std::string_view step);

/// A refusal that names the step and the card's status.
tl::unexpected<EidError> refuse_status(EidFault fault, std::string_view step, std::uint16_t status);

}  // namespace mailroom::card
