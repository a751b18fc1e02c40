#include "ocr/pdf/unicode.h"

#include <algorithm>
#include <array>
#include <optional>

namespace mailroom::ocr {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

constexpr std::array kJoinsThePrevious{
    Range{0x0300, 0x036F},                                                    // combining diacritical marks
    Range{0x1AB0, 0x1AFF},   Range{0x1DC0, 0x1DFF},   Range{0x200D, 0x200D},  // zero width joiner
    Range{0x20D0, 0x20FF},   Range{0xFE00, 0xFE0F},   Range{0xFE20, 0xFE2F},
    Range{0x1F3FB, 0x1F3FF}, Range{0xE0100, 0xE01EF},
};

bool joins_the_previous(char32_t c) {
  return std::any_of(kJoinsThePrevious.begin(), kJoinsThePrevious.end(),
                     [c](const Range& range) { return c >= range.first && c <= range.last; });
}

bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xFFFE || c == 0xFEFF;
}

struct LeadByte {
  int continuation;
  char32_t bits;
  char32_t smallest;  // below it the form is overlong
};

std::optional<LeadByte> lead_byte(unsigned char byte) {
  if (byte < 0x80) return LeadByte{0, byte, 0};
  if (byte >= 0xC2 && byte < 0xE0) return LeadByte{1, byte & 0x1FU, 0x80};
  if (byte >= 0xE0 && byte < 0xF0) return LeadByte{2, byte & 0x0FU, 0x800};
  if (byte >= 0xF0 && byte < 0xF5) return LeadByte{3, byte & 0x07U, 0x10000};
  return std::nullopt;
}

std::optional<char32_t> take_code_point(std::string_view& rest) {
  const auto lead = lead_byte(static_cast<unsigned char>(rest.front()));
  if (!lead || rest.size() <= static_cast<std::size_t>(lead->continuation)) return std::nullopt;
  char32_t code_point = lead->bits;
  for (int i = 1; i <= lead->continuation; ++i) {
    const auto byte = static_cast<unsigned char>(rest[static_cast<std::size_t>(i)]);
    if ((byte & 0xC0U) != 0x80U) return std::nullopt;
    code_point = code_point << 6U | (byte & 0x3FU);
  }
  const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  if (code_point < lead->smallest || code_point > 0x10FFFF || surrogate) return std::nullopt;
  rest.remove_prefix(static_cast<std::size_t>(lead->continuation) + 1);
  return code_point;
}

void append_unit(std::string& hex, unsigned unit) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (int shift = 12; shift >= 0; shift -= 4) hex += kDigits[unit >> static_cast<unsigned>(shift) & 0xFU];
}

}  // namespace

Result<std::vector<std::u32string>> characters_of(std::string_view utf8) {
  std::vector<std::u32string> characters;
  bool joined = false;
  while (!utf8.empty()) {
    const auto code_point = take_code_point(utf8);
    if (!code_point) return fail(Errc::invalid_input, "a text is not UTF-8");
    if (is_control(*code_point)) continue;
    if (!characters.empty() && (joined || joins_the_previous(*code_point))) {
      characters.back() += *code_point;
    } else {
      characters.emplace_back(1, *code_point);
    }
    joined = *code_point == 0x200D;
  }
  return characters;
}

std::string utf16_hex(std::u32string_view characters) {
  std::string hex;
  for (const char32_t c : characters) {
    if (c < 0x10000) {
      append_unit(hex, c);
    } else {
      append_unit(hex, 0xD800U + ((c - 0x10000U) >> 10U));
      append_unit(hex, 0xDC00U + ((c - 0x10000U) & 0x3FFU));
    }
  }
  return hex;
}

}  // namespace mailroom::ocr
