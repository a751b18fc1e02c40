#include "drivers/card/apdu/tlv.h"
#include "drivers/card/eid/identifiers.h"
#include "drivers/virtual/card/eid/eid_card.h"
#include "drivers/virtual/card/eid/status.h"

namespace mailroom::card {
namespace {

constexpr std::uint8_t kCan = 2, kPin = 3;
constexpr std::uint16_t kTries = 0x63C0;
constexpr std::size_t kNonceOctets = 16;

const Bytes& protocol() {
  static const Bytes identifier = bsi_identifier({2, 2, 4, 2, 2});
  return identifier;
}

ResponseApdu dynamic(std::uint32_t tag, ByteView value) { return {tlv(0x7C, tlv(tag, value)), status::kDone}; }

std::optional<Rights> rights_in(ByteView data) {
  const auto octets = find_tlv(data, {0x7F4C, 0x53});
  if (!octets) return std::nullopt;
  const auto rights = Rights::read(*octets);
  return rights ? std::optional(*rights) : std::nullopt;
}

}  // namespace

std::uint16_t EidCard::pin_status() const {
  if (!card_.passwords.pin_active) return status::kDeactivated;
  return card_.passwords.pin_tries == 3 ? status::kDone : std::uint16_t(kTries | unsigned(card_.passwords.pin_tries));
}

ResponseApdu EidCard::begin_pace(const CommandApdu& command) {
  // In a channel only the PIN may follow, and only after the CAN.
  if (secure_ && (proven_ != kCan || terminal_.done)) return {{}, status::kOutOfOrder};
  const auto kind = find_tlv(command.data, 0x83), chosen = find_tlv(command.data, 0x80);
  if (!kind || kind->size() != 1 || !chosen || Bytes(chosen->begin(), chosen->end()) != protocol())
    return {{}, status::kWrongData};
  if ((*kind)[0] != kCan && (*kind)[0] != kPin) return {{}, status::kReferenceUnknown};
  pace_ = Pace();
  pace_.kind = (*kind)[0];
  pace_.asked = rights_in(command.data);
  expecting_ = Authenticate::pace;
  return {{}, pace_.kind == kPin ? pin_status() : status::kDone};
}

ResponseApdu EidCard::continue_pace(ByteView data) {
  switch (pace_.step++) {
    case 0: return pace_nonce();
    case 1: return pace_map(data);
    case 2: return pace_agree(data);
    default: return pace_finish(data);
  }
}

ResponseApdu EidCard::pace_nonce() {
  EidPasswords& passwords = card_.passwords;
  if (pace_.kind == kPin) {
    if (!passwords.pin_active) return {{}, status::kDeactivated};
    if (passwords.pin_tries == 0) return {{}, status::kBlocked};
    // The last try is kept for somebody who has the card in hand and can read the CAN.
    if (passwords.pin_tries == 1 && proven_ != kCan) return {{}, status::kOutOfOrder};
    --passwords.pin_tries;
  }
  pace_.nonce = status::random(kNonceOctets);
  const std::string& password = pace_.kind == kCan ? passwords.can : passwords.pin;
  const Bytes key = password_key(as_bytes(password));
  return dynamic(0x80, aes_cbc(key, Bytes(kNonceOctets), pace_.nonce, true));
}

ResponseApdu EidCard::pace_map(ByteView data) {
  const auto theirs = find_tlv(data, 0x81);
  if (!theirs) return {{}, status::kWrongData};
  pace_.mapping = curve::make_key();
  const auto shared = curve::multiply(pace_.mapping.secret, *theirs);
  const auto nonce_point = curve::multiply(curve::number_from(pace_.nonce), curve::generator());
  if (!shared || !nonce_point) return {{}, status::kFailed};
  const auto mapped = curve::add(*nonce_point, *shared);
  if (!mapped) return {{}, status::kFailed};
  pace_.mapped = *mapped;
  return dynamic(0x82, pace_.mapping.point);
}

ResponseApdu EidCard::pace_agree(ByteView data) {
  const auto theirs = find_tlv(data, 0x83);
  if (!theirs) return {{}, status::kWrongData};
  pace_.terminal_key.assign(theirs->begin(), theirs->end());
  pace_.key = curve::make_key(pace_.mapped);
  return dynamic(0x84, pace_.key.point);
}

ResponseApdu EidCard::pace_finish(ByteView data) {
  expecting_ = Authenticate::nothing;
  const auto wrong = [&]() -> ResponseApdu {
    if (pace_.kind == kPin) return {{}, std::uint16_t(kTries | unsigned(card_.passwords.pin_tries))};
    return {{}, status::kFailed};
  };
  const auto theirs = find_tlv(data, 0x85);
  const auto shared = curve::multiply(pace_.key.secret, pace_.terminal_key);
  if (!theirs || !shared || pace_.terminal_key == pace_.key.point) return wrong();
  const SessionKeys keys = SessionKeys::derive(curve::x_of(*shared));
  if (!equal_in_constant_time(keys.token(protocol(), pace_.key.point), *theirs)) return wrong();
  if (pace_.kind == kPin) card_.passwords.pin_tries = 3;
  proven_ = pace_.kind;
  asked_ = pace_.asked;
  card_id_ = curve::x_of(pace_.key.point);
  next_cipher_ = keys.cipher();
  Bytes proof = tlv(0x86, keys.token(protocol(), pace_.terminal_key));
  if (asked_) {
    start_terminal_side();
    proof = joined(proof, tlv(0x87, as_bytes(terminal_.holder)));
  }
  return {tlv(0x7C, proof), status::kDone};
}

}  // namespace mailroom::card
