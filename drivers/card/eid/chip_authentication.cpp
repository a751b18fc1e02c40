#include "drivers/card/apdu/tlv.h"
#include "drivers/card/eid/authentication.h"

namespace mailroom::card {

EidResult<void> authenticate_chip(EidChannel& channel, PaceOutcome& pace, const SignedCardData& data) {
  constexpr EidFault wrong = EidFault::chip_not_genuine;
  MAILROOM_EID_TRY_VOID(wrong, channel.send_ok({0x00, 0x22, 0x41, 0xA4, tlv(0x80, pace.crypto.chip_protocol())}, wrong,
                                               "MSE:Set AT for chip authentication"));
  MAILROOM_EID_TRY(const Bytes key, EidFault::not_an_eid_card, pace.crypto.chip_key());
  const Bytes sent = tlv(0x7C, tlv(0x80, key));
  MAILROOM_EID_TRY(const Bytes answer, wrong,
                   channel.send_ok({0x00, 0x86, 0x00, 0x00, sent, 256}, wrong, "chip authentication"));
  MAILROOM_EID_TRY(const ByteView proof, EidFault::malformed_answer, find_tlv(answer, 0x7C));
  MAILROOM_EID_TRY(const ByteView nonce, EidFault::malformed_answer, find_tlv(proof, 0x81));
  MAILROOM_EID_TRY(const ByteView token, EidFault::malformed_answer, find_tlv(proof, 0x82));
  MAILROOM_EID_TRY(auto cipher, wrong, pace.crypto.check_chip(data.card_security, nonce, token));
  channel.protect(std::move(cipher));
  return {};
}

}  // namespace mailroom::card
