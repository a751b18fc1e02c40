#include "drivers/payment/zvt/fields.h"

#include <array>
#include <optional>
#include <stdexcept>
#include <utility>

namespace mailroom::payment::zvt {
namespace {

enum class Form { fixed, llvar, lllvar, tlv };

struct Known {
  std::uint8_t name;
  Form form;
  std::size_t length;
};

constexpr std::array kKnown = {
    Known{0x01, Form::fixed, 1},  Known{0x02, Form::fixed, 1},  Known{0x03, Form::fixed, 1},
    Known{0x04, Form::fixed, 6},  Known{0x05, Form::fixed, 1},  Known{0x06, Form::tlv, 0},
    Known{0x0B, Form::fixed, 3},  Known{0x0C, Form::fixed, 3},  Known{0x0D, Form::fixed, 2},
    Known{0x0E, Form::fixed, 2},  Known{0x17, Form::fixed, 2},  Known{0x19, Form::fixed, 1},
    Known{0x22, Form::llvar, 0},  Known{0x23, Form::llvar, 0},  Known{0x24, Form::lllvar, 0},
    Known{0x27, Form::fixed, 1},  Known{0x29, Form::fixed, 4},  Known{0x2A, Form::fixed, 15},
    Known{0x2D, Form::llvar, 0},  Known{0x2E, Form::lllvar, 0}, Known{0x37, Form::fixed, 3},
    Known{0x3A, Form::fixed, 2},  Known{0x3B, Form::fixed, 8},  Known{0x3C, Form::lllvar, 0},
    Known{0x3D, Form::fixed, 3},  Known{0x49, Form::fixed, 2},  Known{0x60, Form::lllvar, 0},
    Known{0x87, Form::fixed, 2},  Known{0x88, Form::fixed, 3},  Known{0x8A, Form::fixed, 1},
    Known{0x8B, Form::llvar, 0},  Known{0x8C, Form::fixed, 1},  Known{0x92, Form::lllvar, 0},
    Known{0x9A, Form::lllvar, 0}, Known{0xA0, Form::fixed, 1},  Known{0xA7, Form::llvar, 0},
    Known{0xAA, Form::fixed, 3},  Known{0xAF, Form::lllvar, 0}, Known{0xBA, Form::fixed, 5},
    Known{0xD0, Form::fixed, 1},  Known{0xD1, Form::llvar, 0},  Known{0xD2, Form::lllvar, 0}};

const Known* known(std::uint8_t name) {
  for (const Known& one : kKnown) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

/// Lengths of LLVAR and LLLVAR are written as digits, each in an octet F0 to F9.
std::optional<std::size_t> written_length(ByteView data, std::size_t at, std::size_t count) {
  std::size_t length = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (at + i >= data.size() || data[at + i] < 0xF0 || data[at + i] > 0xF9) return std::nullopt;
    length = length * 10 + (data[at + i] & 0x0FU);
  }
  return length;
}

/// A length of BER-TLV (ISO/IEC 7816-4 5.2.2.2) and the octets it takes.
std::optional<std::pair<std::size_t, std::size_t>> tlv_length(ByteView data, std::size_t at) {
  if (at >= data.size()) return std::nullopt;
  if (data[at] < 0x80) return std::pair{std::size_t(data[at]), std::size_t{1}};
  const std::size_t more = data[at] & 0x7FU;
  if (more < 1 || more > 2 || at + more >= data.size()) return std::nullopt;
  std::size_t length = 0;
  for (std::size_t i = 1; i <= more; ++i) length = length << 8U | data[at + i];
  return std::pair{length, more + 1};
}

/// The length of the value and of what stands before it.
std::optional<std::pair<std::size_t, std::size_t>> length_of(const Known& field, ByteView data, std::size_t at) {
  if (field.form == Form::fixed) return std::pair{field.length, std::size_t{0}};
  if (field.form == Form::tlv) return tlv_length(data, at);
  const std::size_t count = field.form == Form::llvar ? 2 : 3;
  const auto length = written_length(data, at, count);
  if (!length) return std::nullopt;
  return std::pair{*length, count};
}

tl::unexpected<Error> broken(std::size_t at) {
  Place place;
  place.offset = at;
  return fail(Errc::corrupt, "a field of the terminal's message is longer than the message", place);
}

}  // namespace

Result<Fields> read_fields(ByteView data) {
  Fields fields;
  for (std::size_t at = 0; at < data.size();) {
    const Known* field = known(data[at]);
    if (field == nullptr) return fields;
    const auto length = length_of(*field, data, at + 1);
    if (!length || data.size() - at - 1 < length->first + length->second) return broken(at);
    const auto begin = data.begin() + std::ptrdiff_t(at + 1 + length->second);
    fields[field->name] = Bytes(begin, begin + std::ptrdiff_t(length->first));
    at += 1 + length->second + length->first;
  }
  return fields;
}

void add_field(Bytes& data, Field field, ByteView value) {
  data.push_back(std::uint8_t(field));
  const Known* form = known(std::uint8_t(field));
  if (form == nullptr) throw std::logic_error("a field of ZVT without a form");
  if (form->form == Form::tlv) data.push_back(std::uint8_t(value.size()));  // ours are short
  if (form->form == Form::lllvar) data.push_back(std::uint8_t(0xF0 + value.size() / 100));
  if (form->form == Form::llvar || form->form == Form::lllvar) {
    data.push_back(std::uint8_t(0xF0 + value.size() / 10 % 10));
    data.push_back(std::uint8_t(0xF0 + value.size() % 10));
  }
  data.insert(data.end(), value.begin(), value.end());
}

Bytes bcd(std::uint64_t number, std::size_t octets) {
  Bytes packed(octets, 0);
  for (std::size_t i = octets; i-- > 0; number /= 100)
    packed[i] = std::uint8_t((number / 10 % 10) << 4U | number % 10);
  return packed;
}

std::string digits(ByteView bcd) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text;
  for (const auto octet : bcd) {
    text += kDigits[octet >> 4U];
    text += kDigits[octet & 0x0FU];
  }
  return text;
}

std::string plain_text(ByteView bytes) {
  constexpr std::array<std::pair<std::uint8_t, const char*>, 7> kGerman = {
      {{0x84, "ä"}, {0x94, "ö"}, {0x81, "ü"}, {0x8E, "Ä"}, {0x99, "Ö"}, {0x9A, "Ü"}, {0xE1, "ß"}}};
  std::string text;
  for (const auto byte : bytes) {
    if (byte >= 0x20 && byte < 0x7F) {
      text += char(byte);
      continue;
    }
    for (const auto& [code, letter] : kGerman) {
      if (code == byte) text += letter;
    }
  }
  return text;
}

}  // namespace mailroom::payment::zvt
