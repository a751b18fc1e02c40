#include "drivers/card/eid/channel.h"

namespace mailroom::card {
namespace {

/// One answer with protection fits into a short one, which every reader passes on.
constexpr std::size_t kPiece = 0xC8;
constexpr std::size_t kLongestFile = 32UL * 1024;

constexpr std::uint16_t kEndOfFile = 0x6282, kBeyondEnd = 0x6B00;

EidResult<ResponseApdu> send_plain(Card& card, const CommandApdu& command) {
  MAILROOM_EID_TRY(ResponseApdu answer, EidFault::malformed_answer, card.transmit(command));
  return answer;
}

}  // namespace

tl::unexpected<EidError> refuse_status(EidFault fault, std::string_view step, std::uint16_t status) {
  return refuse(fault, Errc::refused, std::string(step) + ": the card answers " + status_text(status));
}

EidResult<ResponseApdu> EidChannel::send_protected(const CommandApdu& command) {
  MAILROOM_EID_TRY(const CommandApdu secure, EidFault::channel_broken, secure_->wrap(command));
  MAILROOM_EID_TRY(const ResponseApdu answer, EidFault::malformed_answer, card_.transmit(secure));
  auto open = secure_->unwrap(answer);
  // Without protection an answer is only ever bad news: the card has given the channel up, or somebody else
  // answers for it.
  if (!open) return refuse(EidFault::channel_broken, open.error());
  return *std::move(open);
}

EidResult<ResponseApdu> EidChannel::send(const CommandApdu& command) {
  MAILROOM_EID_TRY(ResponseApdu answer, EidFault::malformed_answer,
                   secure_ ? send_protected(command) : send_plain(card_, command));
  if (answer.data.size() > command.expect.value_or(0))
    return refuse(EidFault::malformed_answer, Errc::corrupt, "the card sends more than was asked for");
  return answer;
}

EidResult<Bytes> EidChannel::send_ok(const CommandApdu& command, EidFault fault, std::string_view step) {
  MAILROOM_EID_TRY(ResponseApdu answer, fault, send(command));
  if (!answer.ok()) return refuse_status(fault, step, answer.status);
  return std::move(answer.data);
}

EidResult<Bytes> read_to_end(const std::function<EidResult<ResponseApdu>(std::size_t offset)>& read_at,
                             EidFault fault, std::string_view step) {
  Bytes content;
  while (content.size() <= kLongestFile) {
    MAILROOM_EID_TRY(const ResponseApdu piece, fault, read_at(content.size()));
    const bool at_end = piece.status == kEndOfFile || (piece.status == kBeyondEnd && !content.empty());
    if (!piece.ok() && !at_end) return refuse_status(fault, step, piece.status);
    content.insert(content.end(), piece.data.begin(), piece.data.end());
    if (at_end || piece.data.size() < kPiece) return content;
  }
  return refuse(EidFault::malformed_answer, Errc::corrupt, std::string(step) + ": the card's file has no end");
}

EidResult<Bytes> EidChannel::read_file(std::uint16_t identifier, EidFault fault, std::string_view step) {
  const Bytes name{std::uint8_t(identifier >> 8U), std::uint8_t(identifier)};
  MAILROOM_EID_TRY_VOID(fault, send_ok({0x00, 0xA4, 0x02, 0x0C, name}, fault, step));
  return read_to_end(
      [&](std::size_t offset) {
        return send({0x00, 0xB0, std::uint8_t(offset >> 8U), std::uint8_t(offset), {}, kPiece});
      },
      fault, step);
}

}  // namespace mailroom::card
