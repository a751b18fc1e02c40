#pragma once

#include <cstdint>

#include "daemon/base/bytes.h"
#include "daemon/crypto/digest.h"

/// What cards answer (ISO/IEC 7816-4 §5.6).
namespace mailroom::card::status {

inline constexpr std::uint16_t kDone = 0x9000, kEndOfFile = 0x6282, kDeactivated = 0x6283, kFailed = 0x6300,
                               kWrongLength = 0x6700, kNoSecureMessaging = 0x6882, kForbidden = 0x6982,
                               kBlocked = 0x6983, kOutOfOrder = 0x6985, kNoFileSelected = 0x6986,
                               kWrongSecureMessaging = 0x6988, kWrongData = 0x6A80, kNoSuchFile = 0x6A82,
                               kWrongParameters = 0x6A86, kReferenceUnknown = 0x6A88, kBeyondEnd = 0x6B00,
                               kUnknownCommand = 0x6D00;

inline Bytes random(std::size_t count) { return random_bytes(count); }

}  // namespace mailroom::card::status
