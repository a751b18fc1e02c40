#include <algorithm>

#include "drivers/card/apdu/tlv.h"
#include "drivers/card/eid/identifiers.h"
#include "drivers/virtual/card/eid/eid_card.h"
#include "drivers/virtual/card/eid/status.h"

namespace mailroom::card {
namespace {

constexpr int kExpires = 3, kBorn = 8, kCommunity = 18;
constexpr std::size_t kNonceOctets = 8;

/// The text in a data group of one string.
std::string text_in(const std::map<int, Bytes>& groups, int number) {
  const auto found = groups.find(number);
  if (found == groups.end()) return {};
  const auto file = find_tlv(found->second, 0x60U + unsigned(number));
  if (!file) return {};
  const auto objects = read_tlv(*file);
  return objects && objects->size() == 1 ? std::string(as_text(objects->front().value)) : std::string();
}

/// What terminal authentication gave to compare with, by the identifier's arcs.
std::optional<std::string> compared_with(ByteView auxiliary, ByteView identifier) {
  const auto templates = find_tlv(auxiliary, 0x67);
  const auto list = templates ? read_tlv(*templates) : Result<std::vector<Tlv>>(std::vector<Tlv>());
  if (!list) return std::nullopt;
  for (const auto& entry : *list) {
    const auto name = find_tlv(entry.value, 0x06), value = find_tlv(entry.value, 0x53);
    if (name && value && std::ranges::equal(*name, identifier)) return std::string(as_text(*value));
  }
  return std::nullopt;
}

}  // namespace

ResponseApdu EidCard::authenticate_chip(ByteView data) {
  expecting_ = Authenticate::nothing;
  const auto theirs = find_tlv(data, 0x80);
  // It must be the key that terminal authentication was for.
  if (!theirs || theirs->size() != 1 + 2 * curve::kOctets || curve::x_of(*theirs) != terminal_.ephemeral)
    return {{}, status::kFailed};
  const auto shared = curve::multiply(card_.chip.chip_key.secret, *theirs);
  if (!shared) return {{}, status::kFailed};
  const Bytes nonce = status::random(kNonceOctets);
  const SessionKeys keys = SessionKeys::derive(curve::x_of(*shared), nonce);
  next_cipher_ = keys.cipher();
  chip_done_ = true;
  const Bytes token = keys.token(bsi_identifier({2, 2, 3, 2, 2}), *theirs);
  return {tlv(0x7C, joined(tlv(0x81, nonce), tlv(0x82, token))), status::kDone};
}

ResponseApdu EidCard::make_pseudonym(ByteView data) {
  expecting_ = Authenticate::nothing;
  const auto sector = find_tlv(data, 0xA0);
  if (!sector) return {{}, status::kWrongData};
  const Bytes digest = sha256(tlv(0x7F49, *sector));
  if (std::find(terminal_.sectors.begin(), terminal_.sectors.end(), digest) == terminal_.sectors.end())
    return {{}, status::kForbidden};
  const auto point = find_tlv(*sector, 0x86);
  if (!point) return {{}, status::kWrongData};
  const auto shared = curve::multiply(card_.chip.pseudonym_key.secret, *point);
  if (!shared) return {{}, status::kFailed};
  return {tlv(0x7C, tlv(0x81, sha256(curve::x_of(*shared)))), status::kDone};
}

ResponseApdu EidCard::compare(const CommandApdu& command) {
  const auto identifier = find_tlv(command.data, 0x06);
  if (!application_ || !identifier) return {{}, status::kForbidden};
  const auto given = compared_with(terminal_.auxiliary, *identifier);
  if (!given) return {{}, status::kReferenceUnknown};
  const auto is = [&](std::initializer_list<std::uint8_t> arcs) {
    return std::ranges::equal(*identifier, bsi_identifier(arcs));
  };
  if (is(arcs::kDateOfExpiry))
    return {{}, text_in(card_.groups, kExpires) >= *given ? status::kDone : status::kFailed};
  if (is(arcs::kDateOfBirth) && terminal_.rights.has(Right::age_verification))
    return {{}, text_in(card_.groups, kBorn) <= *given ? status::kDone : status::kFailed};
  if (is(arcs::kCommunity) && terminal_.rights.has(Right::community_verification))
    return {{}, text_in(card_.groups, kCommunity).rfind(*given, 0) == 0 ? status::kDone : status::kFailed};
  return {{}, status::kForbidden};
}

}  // namespace mailroom::card
