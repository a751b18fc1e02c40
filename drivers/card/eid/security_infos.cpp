#include "drivers/card/eid/security_infos.h"

#include <algorithm>

#include "drivers/card/apdu/tlv.h"
#include "drivers/card/eid/identifiers.h"

namespace mailroom::card {
namespace {

constexpr std::uint32_t kSet = 0x31, kSequence = 0x30, kIdentifier = 0x06, kInteger = 0x02, kBoolean = 0x01;

Result<SecurityInfo> read_one(const Tlv& entry) {
  if (entry.tag != kSequence) return fail(Errc::corrupt, "the card's security information is no sequence");
  MAILROOM_TRY(const auto parts, read_tlv(entry.value));
  if (parts.size() < 2 || parts.size() > 3 || parts[0].tag != kIdentifier)
    return fail(Errc::corrupt, "the card's security information has wrong parts");
  return SecurityInfo{tlv(kSequence, entry.value),
                      {parts[0].value.begin(), parts[0].value.end()},
                      tlv(parts[1].tag, parts[1].value)};
}

bool begins_with(const Bytes& identifier, const Bytes& prefix) {
  return identifier.size() > prefix.size() && std::equal(prefix.begin(), prefix.end(), identifier.begin());
}

}  // namespace

Result<std::vector<SecurityInfo>> read_security_infos(ByteView set) {
  MAILROOM_TRY(const ByteView entries, find_tlv(set, kSet));
  MAILROOM_TRY(const auto objects, read_tlv(entries));
  std::vector<SecurityInfo> infos;
  for (const auto& object : objects) {
    MAILROOM_TRY(infos.emplace_back(), read_one(object));
  }
  return infos;
}

bool is_confirmed(const std::vector<SecurityInfo>& offered, const std::vector<SecurityInfo>& signed_ones) {
  return std::all_of(offered.begin(), offered.end(), [&](const SecurityInfo& one) {
    return std::any_of(signed_ones.begin(), signed_ones.end(),
                       [&](const SecurityInfo& other) { return other.whole == one.whole; });
  });
}

std::optional<RestrictedIdentification> restricted_identification_in(const std::vector<SecurityInfo>& infos) {
  const Bytes family = bsi_identifier(arcs::kRestrictedIdentification);
  std::optional<RestrictedIdentification> for_revocation;
  for (const auto& info : infos) {
    // RestrictedIdentificationInfo: the protocol's identifier is longer than that of the domain parameters.
    if (!begins_with(info.protocol, family) || info.protocol.size() != family.size() + 2) continue;
    const auto sequence = find_tlv(info.required, kSequence);
    if (!sequence) continue;
    const auto params = read_tlv(*sequence);
    if (!params || params->size() != 3 || (*params)[1].tag != kInteger || (*params)[1].value.size() != 1 ||
        (*params)[2].tag != kBoolean || (*params)[2].value.size() != 1)
      continue;
    const RestrictedIdentification found{info.protocol, (*params)[1].value[0]};
    // The key that only terminals with the right may use is for revocation lists; the other gives pseudonyms.
    if ((*params)[2].value[0] == 0) return found;
    if (!for_revocation) for_revocation = found;
  }
  return for_revocation;
}

}  // namespace mailroom::card
