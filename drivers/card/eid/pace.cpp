#include "drivers/card/eid/pace.h"

#include "drivers/card/apdu/tlv.h"
#include "drivers/card/eid/pin_state.h"

namespace mailroom::card {
namespace {

constexpr std::uint32_t kDynamicData = 0x7C;
constexpr std::uint16_t kTokenWrong = 0x6300;

CommandApdu general_authenticate(std::uint32_t tag, const Bytes& value, bool last) {
  const Bytes inner = tag == 0 ? Bytes() : tlv(tag, value);
  return {std::uint8_t(last ? 0x00 : 0x10), 0x86, 0x00, 0x00, tlv(kDynamicData, inner), 256};
}

EidResult<Bytes> exchange(EidChannel& channel, std::uint32_t tag, const Bytes& value, std::uint32_t answer_tag) {
  MAILROOM_EID_TRY(const Bytes answer, EidFault::malformed_answer,
                   channel.send_ok(general_authenticate(tag, value, false), EidFault::malformed_answer, "PACE"));
  MAILROOM_EID_TRY(const ByteView found, EidFault::malformed_answer, find_tlv(answer, {kDynamicData, answer_tag}));
  return Bytes(found.begin(), found.end());
}

/// What the card says of the password before it is tried: a PIN that cannot succeed is not asked for.
EidResult<void> check_set_at(PasswordKind kind, std::uint16_t status, bool resumed) {
  if (status == 0x9000) return {};
  const auto state = kind == PasswordKind::pin ? pin_state_from(status) : std::nullopt;
  if (!state) return refuse_status(EidFault::not_an_eid_card, "MSE:Set AT for PACE", status);
  if (*state == PinState::two_tries || (*state == PinState::suspended && resumed)) return {};
  return refuse(EidFault::pin_blocked, password_refused(kind, status));
}

EidResult<void> set_at(EidChannel& channel, const EacCrypto& crypto, PasswordKind kind, const Rights* asked) {
  Bytes data = joined(tlv(0x80, crypto.pace_protocol()), tlv(0x83, Bytes{std::uint8_t(kind)}));
  if (asked != nullptr) data = joined(data, asked->chat());
  MAILROOM_EID_TRY(const ResponseApdu answer, EidFault::malformed_answer,
                   channel.send({0x00, 0x22, 0xC1, 0xA4, data}));
  // Protected already means that the CAN was given first.
  return check_set_at(kind, answer.status, channel.is_protected());
}

EidResult<void> agree_on_keys(EidChannel& channel, EacCrypto& crypto, const PacePassword& password) {
  constexpr EidFault wrong = EidFault::malformed_answer;
  MAILROOM_EID_TRY(const Bytes nonce, wrong, exchange(channel, 0, {}, 0x80));
  MAILROOM_EID_TRY_VOID(wrong, crypto.open_nonce(password.kind(), password.digits(), nonce));
  MAILROOM_EID_TRY(const Bytes mapping, wrong, crypto.mapping_key());
  MAILROOM_EID_TRY(const Bytes card_mapping, wrong, exchange(channel, 0x81, mapping, 0x82));
  MAILROOM_EID_TRY_VOID(wrong, crypto.map(card_mapping));
  MAILROOM_EID_TRY(const Bytes key, wrong, crypto.agreement_key());
  MAILROOM_EID_TRY(const Bytes card_key, wrong, exchange(channel, 0x83, key, 0x84));
  if (card_key == key) return refuse(wrong, Errc::corrupt, "the card sends our own key back");
  MAILROOM_EID_TRY_VOID(wrong, crypto.agree(card_key));
  return {};
}

/// The mutual proof. Gives the reference of the CVCA that the card trusts.
EidResult<std::string> exchange_tokens(EidChannel& channel, EacCrypto& crypto, PasswordKind kind, bool with_rights) {
  constexpr EidFault wrong = EidFault::malformed_answer;
  MAILROOM_EID_TRY(const Bytes token, wrong, crypto.token());
  MAILROOM_EID_TRY(const ResponseApdu answer, wrong, channel.send(general_authenticate(0x85, token, true)));
  if (!answer.ok()) return refuse(wrong, password_refused(kind, answer.status));
  MAILROOM_EID_TRY(const ByteView proof, wrong, find_tlv(answer.data, kDynamicData));
  MAILROOM_EID_TRY(const ByteView card_token, wrong, find_tlv(proof, 0x86));
  const auto checked = crypto.check_token(card_token);
  if (!checked) return refuse(wrong, password_refused(kind, kTokenWrong));
  if (!with_rights) return std::string();
  MAILROOM_EID_TRY(const ByteView authority, wrong, find_tlv(proof, 0x87));
  return std::string(as_text(authority));
}

}  // namespace

EidResult<PaceOutcome> run_pace(EidChannel& channel, ByteView card_access, const PacePassword& password,
                                const Rights* asked) {
  MAILROOM_EID_TRY(EacCrypto crypto, EidFault::not_an_eid_card, EacCrypto::begin(card_access));
  MAILROOM_EID_TRY_VOID(EidFault::malformed_answer, set_at(channel, crypto, password.kind(), asked));
  MAILROOM_EID_TRY_VOID(EidFault::malformed_answer, agree_on_keys(channel, crypto, password));
  MAILROOM_EID_TRY(auto authority, EidFault::malformed_answer,
                   exchange_tokens(channel, crypto, password.kind(), asked != nullptr));
  MAILROOM_EID_TRY(Bytes card_id, EidFault::malformed_answer, crypto.card_id());
  MAILROOM_EID_TRY(auto cipher, EidFault::malformed_answer, crypto.pace_cipher());
  channel.protect(std::move(cipher));
  return PaceOutcome{std::move(crypto), {card_access.begin(), card_access.end()}, std::move(authority), std::move(card_id)};
}

namespace {

EidFault fault_of_reader(Errc code) {
  switch (code) {
    case Errc::unsupported: return EidFault::keypad_needed;
    case Errc::cancelled: return EidFault::entry_cancelled;
    case Errc::timed_out: return EidFault::entry_timed_out;
    default: return EidFault::malformed_answer;
  }
}

}  // namespace

EidResult<PaceOutcome> run_pace_at_reader(EidChannel& channel, const PacePassword& password, const Rights* asked,
                                          ByteView certificate_description) {
  ReaderPaceOrder order{password.kind(), asked == nullptr ? Bytes() : asked->chat(),
                        {certificate_description.begin(), certificate_description.end()}};
  if (password.kind() == PasswordKind::can) order.can = password.digits();
  auto pace = channel.card().establish_pace(order);
  if (!pace) return refuse(fault_of_reader(pace.error().code), pace.error());
  if (pace->status != 0x9000) return refuse(EidFault::wrong_pin, password_refused(password.kind(), pace->status));
  MAILROOM_EID_TRY(EacCrypto crypto, EidFault::not_an_eid_card, EacCrypto::begin(pace->card_access));
  return PaceOutcome{std::move(crypto), std::move(pace->card_access),
                     std::string(as_text(pace->certificate_authority)), std::move(pace->card_id)};
}

}  // namespace mailroom::card
