#include "drivers/card/eid/eid_application.h"

#include "drivers/card/apdu/tlv.h"
#include "drivers/card/eid/data_groups.h"
#include "drivers/card/eid/identifiers.h"

namespace mailroom::card {
namespace {

constexpr std::size_t kPiece = 0xC8;
constexpr std::uint16_t kNoSuchFile = 0x6A82, kForbidden = 0x6982, kComparisonFailed = 0x6300;

/// READ BINARY by short file identifier, which later pieces go on from: the file is selected then.
CommandApdu read_piece(int number, std::size_t offset) {
  if (offset == 0) return {0x00, 0xB0, std::uint8_t(0x80 | number), 0x00, {}, kPiece};
  return {0x00, 0xB0, std::uint8_t(offset >> 8U), std::uint8_t(offset), {}, kPiece};
}

EidResult<bool> compare(EidChannel& channel, std::initializer_list<std::uint8_t> arcs, const char* step) {
  MAILROOM_EID_TRY(const ResponseApdu answer, EidFault::malformed_answer,
                   channel.send({0x80, 0x20, 0x80, 0x00, tlv(0x06, bsi_identifier(arcs))}));
  if (answer.ok()) return true;
  if (answer.status == kComparisonFailed) return false;
  return refuse_status(EidFault::data_refused, step, answer.status);
}

}  // namespace

EidResult<void> select_eid(EidChannel& channel) {
  const Bytes application{0xE8, 0x07, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x03, 0x02};
  MAILROOM_EID_TRY_VOID(EidFault::not_an_eid_card, channel.send_ok({0x00, 0xA4, 0x04, 0x0C, application},
                                                                   EidFault::not_an_eid_card, "eID application"));
  return {};
}

EidResult<nlohmann::json> read_group(EidChannel& channel, int number) {
  const std::string step = "data group " + std::to_string(number);
  MAILROOM_EID_TRY(const ResponseApdu first, EidFault::malformed_answer, channel.send(read_piece(number, 0)));
  if (first.status == kNoSuchFile) return nlohmann::json();
  if (first.status == kForbidden) return refuse_status(EidFault::data_refused, step, first.status);
  bool begun = false;
  MAILROOM_EID_TRY(const Bytes content, EidFault::malformed_answer,
                   read_to_end(
                       [&](std::size_t offset) -> EidResult<ResponseApdu> {
                         if (std::exchange(begun, true)) return channel.send(read_piece(number, offset));
                         return first;
                       },
                       EidFault::malformed_answer, step));
  MAILROOM_EID_TRY(auto value, EidFault::data_malformed, read_data_group(number, content));
  return value;
}

EidResult<bool> is_old_enough(EidChannel& channel) { return compare(channel, arcs::kDateOfBirth, "age check"); }
EidResult<bool> lives_in_community(EidChannel& channel) { return compare(channel, arcs::kCommunity, "place check"); }
EidResult<bool> is_valid_card(EidChannel& channel) { return compare(channel, arcs::kDateOfExpiry, "validity check"); }

EidResult<std::string> read_pseudonym(EidChannel& channel, const RestrictedIdentification& protocol,
                                      ByteView sector_key) {
  constexpr EidFault wrong = EidFault::data_refused;
  const Bytes set = joined(tlv(0x80, protocol.protocol), tlv(0x84, Bytes{protocol.key}));
  MAILROOM_EID_TRY_VOID(wrong, channel.send_ok({0x00, 0x22, 0x41, 0xA4, set}, wrong, "MSE:Set AT for the pseudonym"));
  MAILROOM_EID_TRY(const ByteView key, EidFault::certificate_malformed, find_tlv(sector_key, 0x7F49));
  MAILROOM_EID_TRY(const Bytes answer, wrong,
                   channel.send_ok({0x00, 0x86, 0x00, 0x00, tlv(0x7C, tlv(0xA0, key)), 256}, wrong, "pseudonym"));
  MAILROOM_EID_TRY(const ByteView pseudonym, EidFault::malformed_answer, find_tlv(answer, {0x7C, 0x81}));
  if (pseudonym.size() < 20 || pseudonym.size() > 64)
    return refuse(EidFault::malformed_answer, Errc::corrupt, "the card's pseudonym is no digest");
  return to_hex(pseudonym);
}

}  // namespace mailroom::card
