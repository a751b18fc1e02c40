#pragma once

#include <cstdint>
#include <initializer_list>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"

/// BER-TLV data objects as cards exchange them (ISO/IEC 7816-4 §6.3, BSI TR-03110-3 D). All functions are
/// reentrant. They read one level only: what is nested is read by whoever expects it there, so no answer of
/// a card can make us recurse.
namespace mailroom::card {

/// One data object; a view into the bytes it was read from.
struct Tlv {
  std::uint32_t tag = 0;  ///< all octets of the tag, most significant first: 0x7C, 0x7F49
  ByteView value;
};

/// The most objects that are read on one level. The longest real one, EF.CardSecurity, has about 20.
inline constexpr std::size_t kMostObjects = 256;

/// Reads the objects that make up `bytes` wholly. Errc::corrupt for an object that is cut off, an
/// indefinite length, a tag of more than three or a length of more than three octets, or more than
/// kMostObjects.
Result<std::vector<Tlv>> read_tlv(ByteView bytes);

/// The value of the one object `tag` in `bytes`. Errc::corrupt when it is missing or there twice.
Result<ByteView> find_tlv(ByteView bytes, std::uint32_t tag);

/// Follows `path` inwards: find_tlv() within find_tlv() and so on.
Result<ByteView> find_tlv(ByteView bytes, std::initializer_list<std::uint32_t> path);

/// The object itself, with the shortest length that fits.
Bytes tlv(std::uint32_t tag, ByteView value);

/// `bytes` followed by `more`.
Bytes joined(Bytes bytes, ByteView more);

}  // namespace mailroom::card
