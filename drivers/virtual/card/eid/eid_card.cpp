#include "drivers/virtual/card/eid/eid_card.h"

#include <algorithm>

#include "drivers/card/apdu/tlv.h"
#include "drivers/card/eid/identifiers.h"
#include "drivers/virtual/card/eid/status.h"

namespace mailroom::card {
namespace {

constexpr std::size_t kLongestPiece = 223;  // what a contactless chip sends at once with protection

Bytes piece_of(const Bytes& file, std::size_t offset, std::size_t wanted) {
  const std::size_t size = std::min({file.size() - offset, wanted, kLongestPiece});
  const auto from = file.begin() + std::ptrdiff_t(offset);
  return {from, from + std::ptrdiff_t(size)};
}

}  // namespace

Bytes EidCard::atr() const {
  return {0x3B, 0x8A, 0x80, 0x01, 0x80, 0x31, 0xF8, 0x73, 0xF7, 0x41, 0xE0, 0x82, 0x90, 0x00, 0x75};
}

void EidCard::reset() {
  secure_.reset();
  next_cipher_.reset();
  pace_ = Pace();
  proven_ = 0;
  asked_.reset();
  card_id_.clear();
  terminal_ = TerminalSide();
  expecting_ = Authenticate::nothing;
  chip_done_ = application_ = false;
  file_.reset();
}

Bytes EidCard::respond(ByteView octets) {
  const auto outer = decode_command(octets);
  if (!outer) return encode(ResponseApdu{{}, status::kWrongLength});
  if (next_cipher_) secure_.emplace(std::exchange(next_cipher_, nullptr));
  const bool is_protected = (outer->cla & 0x0CU) == 0x0CU;
  if (!is_protected) {
    // A plain command gives a channel up.
    if (secure_) reset();
    const ResponseApdu plain = answer(*outer);
    if (on_exchange) on_exchange(*outer, plain);
    return encode(plain);
  }
  if (!secure_) return encode(ResponseApdu{{}, status::kNoSecureMessaging});
  const auto command = secure_->unwrap(*outer);
  if (!command) {
    reset();
    return encode(ResponseApdu{{}, status::kWrongSecureMessaging});
  }
  const ResponseApdu inner = answer(*command);
  if (on_exchange) on_exchange(*command, inner);
  const auto closed = secure_->wrap(inner);
  return encode(closed ? *closed : ResponseApdu{{}, status::kWrongSecureMessaging});
}

ResponseApdu EidCard::answer(const CommandApdu& command) {
  switch (command.ins) {
    case 0xA4: return select(command);
    case 0xB0: return read_binary(command);
    case 0x22: return manage_security(command);
    case 0x86: return general_authenticate(command);
    case 0x2A: return verify_certificate(command);
    case 0x84:
      if (!terminal_.named) return {{}, status::kOutOfOrder};
      terminal_.challenge = status::random(8);
      return {terminal_.challenge, status::kDone};
    case 0x82: return external_authenticate(command);
    case 0x20: return compare(command);
    default: return {{}, status::kUnknownCommand};
  }
}

ResponseApdu EidCard::select(const CommandApdu& command) {
  if (command.p1 == 0x04) {
    const Bytes eid{0xE8, 0x07, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x03, 0x02};
    if (command.data != eid) return {{}, status::kNoSuchFile};
    if (!chip_done_) return {{}, status::kForbidden};
    application_ = true;
    return {{}, status::kDone};
  }
  if (command.data.size() != 2) return {{}, status::kNoSuchFile};
  const unsigned identifier = unsigned(command.data[0]) << 8U | command.data[1];
  if (identifier == kFileCardAccess) {
    file_ = card_.chip.card_access;
  } else if (identifier == kFileCardSecurity) {
    if (!terminal_.done) return {{}, status::kForbidden};
    file_ = card_.chip.card_security;
  } else {
    return {{}, status::kNoSuchFile};
  }
  return {{}, status::kDone};
}

ResponseApdu EidCard::read_binary(const CommandApdu& command) {
  std::size_t offset = std::size_t(command.p1) << 8U | command.p2;
  if ((command.p1 & 0x80U) != 0) {
    const int number = command.p1 & 0x1F;
    if (!application_ || !terminal_.rights.may_read(number)) return {{}, status::kForbidden};
    const auto found = card_.groups.find(number);
    if (found == card_.groups.end()) return {{}, status::kNoSuchFile};
    file_ = found->second;
    offset = command.p2;
  }
  if (!file_) return {{}, status::kNoFileSelected};
  if (offset > file_->size()) return {{}, status::kBeyondEnd};
  Bytes piece = piece_of(*file_, offset, command.expect.value_or(256));
  const bool short_of = piece.size() < command.expect.value_or(256) && offset + piece.size() == file_->size();
  return {std::move(piece), short_of ? status::kEndOfFile : status::kDone};
}

ResponseApdu EidCard::manage_security(const CommandApdu& command) {
  if (command.p1 == 0xC1 && command.p2 == 0xA4) return begin_pace(command);
  if (command.p1 == 0x81 && command.p2 == 0xB6) return choose_certificate(command);
  if (command.p1 == 0x81 && command.p2 == 0xA4) return name_terminal(command);
  if (command.p1 != 0x41 || command.p2 != 0xA4) return {{}, status::kWrongParameters};
  const auto protocol = find_tlv(command.data, 0x80);
  if (!protocol || !terminal_.done) return {{}, status::kForbidden};
  const bool chip = std::ranges::equal(*protocol, bsi_identifier({2, 2, 3, 2, 2}));
  const bool pseudonym = std::ranges::equal(*protocol, bsi_identifier({2, 2, 5, 2, 3}));
  if (!chip && !pseudonym) return {{}, status::kReferenceUnknown};
  if (pseudonym && (!application_ || !terminal_.rights.has(Right::restricted_identification)))
    return {{}, status::kForbidden};
  expecting_ = chip ? Authenticate::chip : Authenticate::pseudonym;
  return {{}, status::kDone};
}

ResponseApdu EidCard::general_authenticate(const CommandApdu& command) {
  const auto data = find_tlv(command.data, 0x7C);
  if (!data) return {{}, status::kWrongData};
  switch (expecting_) {
    case Authenticate::pace: return continue_pace(*data);
    case Authenticate::chip: return authenticate_chip(*data);
    case Authenticate::pseudonym: return make_pseudonym(*data);
    case Authenticate::nothing: break;
  }
  return {{}, status::kOutOfOrder};
}

}  // namespace mailroom::card
