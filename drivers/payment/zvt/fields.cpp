#include "drivers/payment/zvt/fields.h"

#include <array>
#include <stdexcept>
#include <string>
#include <utility>

namespace mailroom::payment::zvt {
namespace {

enum class Form { fixed, llvar, lllvar, tlv };

struct Kind {
  std::uint8_t name;
  Form form;
  std::size_t length;
};

constexpr std::array kKinds = {
    Kind{0x01, Form::fixed, 1},  Kind{0x02, Form::fixed, 1},  Kind{0x03, Form::fixed, 1},
    Kind{0x04, Form::fixed, 6},  Kind{0x05, Form::fixed, 1},  Kind{0x06, Form::tlv, 0},
    Kind{0x0B, Form::fixed, 3},  Kind{0x0C, Form::fixed, 3},  Kind{0x0D, Form::fixed, 2},
    Kind{0x0E, Form::fixed, 2},  Kind{0x17, Form::fixed, 2},  Kind{0x19, Form::fixed, 1},
    Kind{0x22, Form::llvar, 0},  Kind{0x23, Form::llvar, 0},  Kind{0x24, Form::lllvar, 0},
    Kind{0x27, Form::fixed, 1},  Kind{0x29, Form::fixed, 4},  Kind{0x2A, Form::fixed, 15},
    Kind{0x2D, Form::llvar, 0},  Kind{0x2E, Form::lllvar, 0}, Kind{0x37, Form::fixed, 3},
    Kind{0x3A, Form::fixed, 2},  Kind{0x3B, Form::fixed, 8},  Kind{0x3C, Form::lllvar, 0},
    Kind{0x3D, Form::fixed, 3},  Kind{0x49, Form::fixed, 2},  Kind{0x4C, Form::llvar, 0},
    Kind{0x60, Form::lllvar, 0}, Kind{0x87, Form::fixed, 2},  Kind{0x88, Form::fixed, 3},
    Kind{0x8A, Form::fixed, 1},  Kind{0x8B, Form::llvar, 0},  Kind{0x8C, Form::fixed, 1},
    Kind{0x92, Form::lllvar, 0}, Kind{0x9A, Form::lllvar, 0}, Kind{0xA0, Form::fixed, 1},
    Kind{0xA7, Form::llvar, 0},  Kind{0xAA, Form::fixed, 3},  Kind{0xAF, Form::lllvar, 0},
    Kind{0xBA, Form::fixed, 5},  Kind{0xD0, Form::fixed, 1},  Kind{0xD1, Form::llvar, 0},
    Kind{0xD2, Form::lllvar, 0}, Kind{0xD3, Form::lllvar, 0}, Kind{0xE0, Form::fixed, 1},
    Kind{0xE1, Form::llvar, 0},  Kind{0xE2, Form::llvar, 0},  Kind{0xE3, Form::llvar, 0},
    Kind{0xE4, Form::llvar, 0},  Kind{0xE5, Form::llvar, 0},  Kind{0xE6, Form::llvar, 0},
    Kind{0xE7, Form::llvar, 0},  Kind{0xE8, Form::llvar, 0},  Kind{0xE9, Form::fixed, 1},
    Kind{0xEA, Form::fixed, 1},  Kind{0xEB, Form::fixed, 8},  Kind{0xF0, Form::lllvar, 0}};

const Kind* kind_of(std::uint8_t name) {
  for (const Kind& kind : kKinds) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

tl::unexpected<Error> broken(std::size_t at, const std::string& what) {
  Place place;
  place.offset = at;
  return fail(Errc::corrupt, "a message of the card terminal has " + what, place);
}

/// The length of a value, and of what is written before it.
struct Length {
  std::size_t value = 0;
  std::size_t written = 0;
};

/// Digits of a length, each in an octet F0 to F9.
Result<Length> digits_of_length(ByteView data, std::size_t at, std::size_t count) {
  Length length{0, count};
  for (std::size_t i = at; i < at + count; ++i) {
    if (i >= data.size() || data[i] < 0xF0 || data[i] > 0xF9) return broken(i, "a length that is none");
    length.value = length.value * 10 + (data[i] & 0x0FU);
  }
  return length;
}

Result<Length> tlv_length(ByteView data, std::size_t at) {
  if (at >= data.size()) return broken(at, "a length that is none");
  if (data[at] < 0x80) return Length{data[at], 1};
  const std::size_t more = data[at] & 0x7FU;
  if (more < 1 || more > 2 || data.size() - at - 1 < more) return broken(at, "a length that is none");
  Length length{0, more + 1};
  for (std::size_t i = 1; i <= more; ++i) length.value = length.value << 8U | data[at + i];
  return length;
}

Result<Length> length_of(const Kind& kind, ByteView data, std::size_t at) {
  switch (kind.form) {
    case Form::fixed: return Length{kind.length, 0};
    case Form::llvar: return digits_of_length(data, at, 2);
    case Form::lllvar: return digits_of_length(data, at, 3);
    case Form::tlv: return tlv_length(data, at);
  }
  return Length{};
}

/// Where the value lies that begins behind `at`.
Result<ByteView> value_at(ByteView data, std::size_t at, const Length& length) {
  if (data.size() - at < length.written || data.size() - at - length.written < length.value)
    return broken(at, "a value that is longer than the message");
  return data.subspan(at + length.written, length.value);
}

/// The tag at `at`, and how many octets it has.
Result<std::pair<std::uint32_t, std::size_t>> tag_at(ByteView data, std::size_t at) {
  constexpr std::size_t kMostOctets = 3;
  std::uint32_t tag = data[at];
  if ((data[at] & 0x1FU) != 0x1F) return std::pair{tag, std::size_t{1}};
  for (std::size_t size = 2; size <= kMostOctets && at + size <= data.size(); ++size) {
    const auto octet = data[at + size - 1];
    tag = tag << 8U | octet;
    if ((octet & 0x80U) == 0) return std::pair{tag, size};
  }
  return broken(at, "a tag without end");
}

void add_tlv_length(Bytes& data, std::size_t length) {
  if (length >= 0x100) {
    data.push_back(0x82);
    data.push_back(std::uint8_t(length >> 8U));
  } else if (length >= 0x80) {
    data.push_back(0x81);
  }
  data.push_back(std::uint8_t(length & 0xFFU));
}

}  // namespace

const Bytes* Fields::find(Field name) const {
  const auto found = values.find(std::uint8_t(name));
  return found == values.end() ? nullptr : &found->second;
}

Result<Fields> read_fields(ByteView data) {
  Fields fields;
  for (std::size_t at = 0; at < data.size();) {
    const Kind* kind = kind_of(data[at]);
    if (kind == nullptr) {
      fields.unknown_at = at;
      return fields;
    }
    MAILROOM_TRY(const auto length, length_of(*kind, data, at + 1));
    MAILROOM_TRY(const auto value, value_at(data, at + 1, length));
    if (!fields.values.try_emplace(kind->name, value.begin(), value.end()).second)
      return broken(at, "a field twice");
    at += 1 + length.written + length.value;
  }
  return fields;
}

void add_field(Bytes& data, Field name, ByteView value) {
  const Kind* kind = kind_of(std::uint8_t(name));
  if (kind == nullptr) throw std::logic_error("a field that is not in the table");
  data.push_back(kind->name);
  const Form form = kind->form;
  const std::size_t size = value.size();
  if (form == Form::tlv) add_tlv_length(data, size);
  if (form == Form::lllvar) data.push_back(std::uint8_t(0xF0 + size / 100));
  if (form == Form::llvar || form == Form::lllvar) {
    data.push_back(std::uint8_t(0xF0 + size / 10 % 10));
    data.push_back(std::uint8_t(0xF0 + size % 10));
  }
  data.insert(data.end(), value.begin(), value.end());
}

Result<std::vector<TlvObject>> read_tlv(ByteView data) {
  std::vector<TlvObject> objects;
  for (std::size_t at = 0; at < data.size();) {
    MAILROOM_TRY(const auto tag, tag_at(data, at));
    MAILROOM_TRY(const auto length, tlv_length(data, at + tag.second));
    MAILROOM_TRY(const auto value, value_at(data, at + tag.second, length));
    objects.push_back({tag.first, value});
    at += tag.second + length.written + length.value;
  }
  return objects;
}

void add_tlv(Bytes& data, std::uint32_t tag, ByteView value) {
  if (tag > 0xFFFF) data.push_back(std::uint8_t(tag >> 16U));
  if (tag > 0xFF) data.push_back(std::uint8_t(tag >> 8U & 0xFFU));
  data.push_back(std::uint8_t(tag & 0xFFU));
  add_tlv_length(data, value.size());
  data.insert(data.end(), value.begin(), value.end());
}

}  // namespace mailroom::payment::zvt
