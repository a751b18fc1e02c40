#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"

/// The data of messages: bitmaps (PA00P015, "Summary of utilised BMPs") and the TLV container among them.
namespace mailroom::payment::zvt {

enum class Field : std::uint8_t {
  service = 0x03,
  amount = 0x04,
  container = 0x06,
  trace = 0x0B,
  time = 0x0C,
  date = 0x0D,
  status = 0x19,
  card_number = 0x22,
  result = 0x27,
  terminal = 0x29,
  original_trace = 0x37,
  text = 0x3C,
  currency = 0x49,
  receipt = 0x87,
  card_type = 0x8A,
  card_name = 0x8B,
};

/// The bitmaps of one message.
struct Fields {
  std::map<std::uint8_t, Bytes> values;
  /// Where a name stands that is not in the standard: its length is not known, so nothing behind it could be
  /// read.
  std::optional<std::size_t> unknown_at;

  [[nodiscard]] const Bytes* find(Field name) const;
};

/// One octet of name, then data of a length that belongs to the name or is written before it (LLVAR, LLLVAR,
/// TLV). Errc::corrupt, with the offset in `data`, for a length that is no length or longer than the message,
/// and for a name that comes twice.
Result<Fields> read_fields(ByteView data);

/// Writes one bitmap with the length its kind needs. `value` fits its kind.
void add_field(Bytes& data, Field name, ByteView value);

/// A data object of BER-TLV (ISO/IEC 8825-1). `value` is part of what was read.
struct TlvObject {
  std::uint32_t tag = 0;
  ByteView value;
};

/// The objects of one level. Tags of at most three octets, lengths of at most two (82 xx xx). Errc::corrupt
/// with the offset.
Result<std::vector<TlvObject>> read_tlv(ByteView data);

void add_tlv(Bytes& data, std::uint32_t tag, ByteView value);

}  // namespace mailroom::payment::zvt
