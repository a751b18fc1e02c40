#include "drivers/virtual/card/keypad/keypad_reader.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "drivers/card/apdu/tlv.h"
#include "drivers/card/eid/identifiers.h"
#include "drivers/card/eid/software_pin.h"

namespace mailroom::card {
namespace {

constexpr std::uint8_t kAbilities = 0x01, kEstablish = 0x02;
constexpr std::uint32_t kNoError = 0, kWrongInput = 0xD0000001, kCancelled = 0xF0200001,
                        kNothingTyped = 0xF0200002, kCardGone = 0xF0100001, kRefusedAtToken = 0xF0060000;

Bytes little_endian(std::uint32_t value, std::size_t octets) {
  Bytes bytes;
  for (std::size_t i = 0; i < octets; ++i) bytes.push_back(std::uint8_t(value >> (8 * i)));
  return bytes;
}

Bytes result(std::uint32_t code, const Bytes& output = {}) {
  const Bytes length = little_endian(std::uint32_t(output.size()), 2);
  return joined(joined(little_endian(code, 4), length), output);
}

/// The card's status is the end of the error's words.
std::uint32_t code_of(const EidError& error) {
  if (error.fault == EidFault::card_lost) return kCardGone;
  const std::string& words = error.error.what;
  const auto status =
      words.size() < 4 ? 0UL : std::strtoul(words.substr(words.size() - 4).c_str(), nullptr, 16);
  return kRefusedAtToken | std::uint32_t(status & 0xFFFFU);
}

std::optional<Rights> rights_in(ByteView chat) {
  const auto octets = find_tlv(chat, {0x7F4C, 0x53});
  const auto rights = octets ? Rights::read(*octets) : Result<Rights>(fail(octets.error()));
  return rights ? std::optional(*rights) : std::nullopt;
}

}  // namespace

std::string KeypadReader::typed() const {
  std::ifstream file(keypad_);
  std::string digits;
  std::getline(file, digits);
  return digits;
}

Bytes KeypadReader::execute_pace(ByteView request) {
  if (request.size() < 3) return result(kWrongInput);
  if (request[0] == kAbilities) return result(kNoError, Bytes{0x60});
  return request[0] == kEstablish ? establish(request.subspan(3)) : result(kWrongInput);
}

Bytes KeypadReader::establish(ByteView input) {
  if (input.size() < 3 || input.size() < std::size_t(3) + input[1]) return result(kWrongInput);
  const ByteView chat = input.subspan(2, input[1]);
  const auto given = input.subspan(std::size_t(2) + input[1]);
  std::string digits(as_text(given.subspan(1, std::min<std::size_t>(given[0], given.size() - 1))));
  const bool pin = input[0] == std::uint8_t(PasswordKind::pin);
  if (pin) digits = typed();
  if (digits.empty()) return result(kNothingTyped);
  if (digits == "cancel") return result(kCancelled);
  const auto rights = rights_in(chat);
  // A second PACE goes through the channel of the first: that is how the CAN opens a suspended PIN.
  if (!channel_) channel_.emplace(card_);
  auto access = channel_->read_file(kFileCardAccess, EidFault::not_an_eid_card, "EF.CardAccess");
  if (!access) return result(code_of(access.error()));
  const auto pace = run_pace(*channel_, *access, pin ? SoftwarePin::pin(digits) : PacePassword::can(digits),
                             rights ? &*rights : nullptr);
  if (!pace) {
    channel_.reset();
    return result(code_of(pace.error()));
  }
  Bytes output{0x90, 0x00};
  output = joined(joined(output, little_endian(std::uint32_t(access->size()), 2)), *access);
  output.push_back(std::uint8_t(pace->certificate_authority.size()));
  output = joined(output, as_bytes(pace->certificate_authority));
  output.push_back(0);
  output = joined(joined(output, little_endian(std::uint32_t(pace->card_id.size()), 2)), pace->card_id);
  return result(kNoError, output);
}

Bytes KeypadReader::transmit(ByteView octets) {
  const auto command = decode_command(octets);
  // Commands that are protected already are those after chip authentication: the reader's channel is over.
  if (command && (command->cla & 0x0CU) != 0) channel_.reset();
  if (channel_ && command) {
    const auto answer = channel_->send(*command);
    return answer ? encode(*answer) : Bytes();
  }
  const auto answer = card_.exchange(octets);
  return answer ? *answer : Bytes();
}

}  // namespace mailroom::card
