#pragma once

#include <optional>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"

namespace mailroom::card {

/// One entry of a SET OF SecurityInfo (BSI TR-03110-3 A.1.1).
struct SecurityInfo {
  Bytes whole;      ///< as it stands there
  Bytes protocol;   ///< content of its object identifier
  Bytes required;   ///< the object that follows it
};

/// Reads such a set, which is one object 31. Errc::corrupt.
Result<std::vector<SecurityInfo>> read_security_infos(ByteView set);

/// Whether all of `offered` (EF.CardAccess, which anybody could write) is also in `signed_ones`
/// (EF.CardSecurity): TR-03110-2 §3.2 note on downgrading.
bool is_confirmed(const std::vector<SecurityInfo>& offered, const std::vector<SecurityInfo>& signed_ones);

/// How to ask for restricted identification (A.1.1.4).
struct RestrictedIdentification {
  Bytes protocol;
  std::uint8_t key = 0;  ///< the card's number of its private key
};

/// The key for pseudonyms; nullopt when there is none.
std::optional<RestrictedIdentification> restricted_identification_in(const std::vector<SecurityInfo>& infos);

}  // namespace mailroom::card
