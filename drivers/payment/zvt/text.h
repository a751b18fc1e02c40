#pragma once

#include <string>
#include <string_view>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"

/// Numbers and words as ZVT writes them.
namespace mailroom::payment::zvt {

/// `number` in packed digits, `octets` long, leading zeros. Digits that do not fit are lost.
Bytes to_bcd(std::uint64_t number, std::size_t octets);

/// Packed digits, an even count of them ("0978").
Bytes to_bcd(std::string_view digits);

/// The digits, leading zeros kept. Errc::corrupt, with the offset, for what is no digit.
Result<std::string> from_bcd(ByteView bytes);

/// A card number: at most its last four digits, the rest '*', whether the terminal masked it (E) or not; F
/// fills up.
std::string masked_card_number(ByteView bytes);

/// Code page 437, the character set of print lines, as UTF-8; control characters go.
std::string from_code_page(ByteView bytes);

/// The same back, "?" for what the code page does not have. Invalid UTF-8 is "?" too.
Bytes to_code_page(std::string_view text);

}  // namespace mailroom::payment::zvt
