#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "drivers/card/apdu/apdu.h"
#include "drivers/card/apdu/secure_messaging.h"
#include "drivers/card/eid/rights.h"
#include "drivers/virtual/card/authority/card_maker.h"
#include "drivers/virtual/card/crypto/session_keys.h"
#include "drivers/virtual/card/virtual_card.h"

namespace mailroom::card {

/// The passwords of a card, which outlive a reset.
struct EidPasswords {
  std::string can = "222222";
  std::string pin = "123456";
  int pin_tries = 3;
  bool pin_active = true;
  bool transport = false;  ///< the PIN is still that of the letter: the eID function does not open
};

/// What is on a card.
struct Personalisation {
  ChipData chip;
  Bytes trust_anchor;  ///< CVCA certificate, object 7F21
  std::chrono::sys_days today{};
  std::map<int, Bytes> groups = {};
  EidPasswords passwords = {};
};

/// An identity card in software: PACE, terminal, chip authentication, secure messaging, data groups, comparisons,
/// restricted identification and the states of a PIN (BSI TR-03110-2 and -3), with its cryptography apart from
/// the terminal's. It answers as a chip does and never more than it must. Thread-bound.
class EidCard final : public VirtualCard {
 public:
  explicit EidCard(Personalisation card) : card_(std::move(card)) {}

  [[nodiscard]] Bytes atr() const override;
  void reset() override;
  Bytes respond(ByteView command) override;

  Personalisation& personalisation() { return card_; }
  [[nodiscard]] const Personalisation& personalisation() const { return card_; }

  /// Called with every command and answer before it is protected, for transcripts.
  std::function<void(const CommandApdu&, const ResponseApdu&)> on_exchange = {};

 private:
  struct Pace {
    std::uint8_t kind = 0;
    int step = 0;
    std::optional<Rights> asked = {};
    Bytes nonce, mapped;
    CurveKey mapping, key;
    Bytes terminal_key;
  };
  struct TerminalSide {
    Bytes key;     ///< of the certificate that was verified last
    Bytes scheme_key;
    std::string holder, reference;
    Rights rights;
    std::vector<Bytes> sectors;
    Bytes auxiliary, ephemeral, challenge;
    bool named = false;
    bool done = false;
  };

  ResponseApdu answer(const CommandApdu& command);
  ResponseApdu select(const CommandApdu& command);
  ResponseApdu read_binary(const CommandApdu& command);
  ResponseApdu manage_security(const CommandApdu& command);
  ResponseApdu general_authenticate(const CommandApdu& command);
  ResponseApdu compare(const CommandApdu& command);

  ResponseApdu begin_pace(const CommandApdu& command);
  ResponseApdu continue_pace(ByteView data);
  ResponseApdu pace_nonce();
  ResponseApdu pace_map(ByteView data);
  ResponseApdu pace_agree(ByteView data);
  ResponseApdu pace_finish(ByteView data);
  std::uint16_t pin_status() const;

  ResponseApdu choose_certificate(const CommandApdu& command);
  ResponseApdu verify_certificate(const CommandApdu& command);
  ResponseApdu name_terminal(const CommandApdu& command);
  ResponseApdu external_authenticate(const CommandApdu& command);
  void start_terminal_side();

  ResponseApdu authenticate_chip(ByteView data);
  ResponseApdu make_pseudonym(ByteView data);

  Personalisation card_;
  std::optional<SecureMessaging> secure_;
  std::unique_ptr<SessionCipher> next_cipher_;  ///< comes into force after the answer
  Pace pace_;
  std::uint8_t proven_ = 0;  ///< the password that PACE has proven
  std::optional<Rights> asked_;
  Bytes card_id_;
  TerminalSide terminal_;
  enum class Authenticate { nothing, pace, chip, pseudonym } expecting_ = Authenticate::nothing;
  bool chip_done_ = false;
  bool application_ = false;
  std::optional<Bytes> file_;
};

}  // namespace mailroom::card
