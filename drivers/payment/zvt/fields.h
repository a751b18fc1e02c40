#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"

/// The bitmaps within a message (PA00P015, chapter 3): one octet of name, then data of a length that belongs to the name,
/// or that is written before it (LLVAR, LLLVAR, TLV).
namespace mailroom::payment::zvt {

enum class Field : std::uint8_t {
  amount = 0x04,
  container = 0x06,
  trace = 0x0B,
  time = 0x0C,
  date = 0x0D,
  pan = 0x22,
  result = 0x27,
  terminal = 0x29,
  text = 0x3C,
  currency = 0x49,
  receipt = 0x87,
  card_type = 0x8A,
  card_name = 0x8B,
};

using Fields = std::map<std::uint8_t, Bytes>;

/// Reads all fields; a name that is not known ends the reading, because nobody knows its length: what came before counts.
/// Errc::corrupt, with the offset, for a field that is longer than the message.
Result<Fields> read_fields(ByteView data);

void add_field(Bytes& data, Field field, ByteView value);  ///< writes the length where the name has none

Bytes bcd(std::uint64_t number, std::size_t octets);
std::string digits(ByteView bcd);  ///< "000123"; letters A to F as they are

/// The words of a print line or text field: code page 437 as far as German needs it.
std::string plain_text(ByteView bytes);

}  // namespace mailroom::payment::zvt
