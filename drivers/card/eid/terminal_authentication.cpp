#include "drivers/card/apdu/tlv.h"
#include "drivers/card/eid/authentication.h"
#include "drivers/card/eid/identifiers.h"

namespace mailroom::card {
namespace {

constexpr EidFault kRefused = EidFault::terminal_refused;
constexpr std::uint16_t kReferenceUnknown = 0x6A88, kNotUsable = 0x6985;

EidResult<void> present(EidChannel& channel, const CvCertificate& certificate) {
  const auto name = tlv(0x83, as_bytes(certificate.authority));
  MAILROOM_EID_TRY(const ResponseApdu chosen, kRefused, channel.send({0x00, 0x22, 0x81, 0xB6, name}));
  if (chosen.status == kReferenceUnknown)
    return refuse_status(EidFault::certificate_unknown_to_card, "MSE:Set DST " + certificate.authority, chosen.status);
  if (!chosen.ok()) return refuse_status(kRefused, "MSE:Set DST", chosen.status);
  MAILROOM_EID_TRY_VOID(kRefused, channel.send_ok({0x00, 0x2A, 0x00, 0xBE, certificate.content}, kRefused,
                                                  "certificate " + certificate.holder));
  return {};
}

/// Bytes of one comparison: 73 {06 identifier, 53 value}.
Bytes comparison(std::initializer_list<std::uint8_t> arcs, ByteView value) {
  return tlv(0x73, joined(tlv(0x06, bsi_identifier(arcs)), tlv(0x53, value)));
}

}  // namespace

Bytes AuxiliaryData::encoded() const {
  Bytes templates = comparison(arcs::kDateOfExpiry, as_bytes(valid_on));
  if (born_until) templates = joined(templates, comparison(arcs::kDateOfBirth, as_bytes(*born_until)));
  if (community) templates = joined(templates, comparison(arcs::kCommunity, *community));
  return tlv(0x67, templates);
}

EidResult<void> authenticate_terminal(EidChannel& channel, PaceOutcome& pace, const Terminal& terminal,
                                      const AuxiliaryData& auxiliary) {
  const TerminalChain& chain = terminal.chain;
  if (pace.certificate_authority != chain.anchor.holder)
    return refuse(EidFault::certificate_unknown_to_card, Errc::refused,
                  "the card trusts another CVCA than " + chain.anchor.holder);
  MAILROOM_EID_TRY_VOID(kRefused, present(channel, chain.verifier));
  MAILROOM_EID_TRY_VOID(kRefused, present(channel, chain.terminal));
  MAILROOM_EID_TRY(const Bytes key, EidFault::not_an_eid_card, pace.crypto.make_chip_key(chain.anchor.object));
  const Bytes data = auxiliary.encoded();
  const Bytes set = joined(joined(tlv(0x80, chain.terminal.signature_scheme), tlv(0x83, as_bytes(chain.terminal.holder))),
                           joined(data, tlv(0x91, key)));
  MAILROOM_EID_TRY_VOID(kRefused, channel.send_ok({0x00, 0x22, 0x81, 0xA4, set}, kRefused, "MSE:Set AT"));
  MAILROOM_EID_TRY(const Bytes challenge, kRefused,
                   channel.send_ok({0x00, 0x84, 0x00, 0x00, {}, 8}, kRefused, "GET CHALLENGE"));
  if (challenge.size() != 8) return refuse(EidFault::malformed_answer, Errc::corrupt, "the card's challenge is not 8 octets");
  const Bytes message = joined(joined(joined(pace.card_id, challenge), key), data);
  MAILROOM_EID_TRY(const Bytes signature, EidFault::terminal_key, terminal.key.sign(message));
  MAILROOM_EID_TRY(const ResponseApdu accepted, kRefused, channel.send({0x00, 0x82, 0x00, 0x00, signature}));
  if (accepted.ok()) return {};
  // After the holder's PIN nothing but a PIN that was never replaced puts the function out of use.
  const bool transport = accepted.status == kNotUsable && terminal.mode == ReadingMode::kiosk;
  return refuse_status(transport ? EidFault::transport_pin : kRefused, "EXTERNAL AUTHENTICATE", accepted.status);
}

}  // namespace mailroom::card
