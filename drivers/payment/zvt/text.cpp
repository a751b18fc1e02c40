#include "drivers/payment/zvt/text.h"

#include <array>

namespace mailroom::payment::zvt {
namespace {

// 0x80 to 0xFF.
constexpr std::u32string_view kUpperHalf =
    U"ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµ"
    U"τΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■ ";
static_assert(kUpperHalf.size() == 128);

void append_utf8(std::string& text, char32_t letter) {
  if (letter < 0x80) {
    text += char(letter);
  } else if (letter < 0x800) {
    text += char(0xC0U | letter >> 6U);
    text += char(0x80U | (letter & 0x3FU));
  } else {
    text += char(0xE0U | letter >> 12U);
    text += char(0x80U | (letter >> 6U & 0x3FU));
    text += char(0x80U | (letter & 0x3FU));
  }
}

/// Takes one letter off the front; U+FFFD for what is no UTF-8.
char32_t take_letter(std::string_view& text) {
  const auto first = std::uint8_t(text[0]);
  const std::size_t more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
  text.remove_prefix(1);
  if (first < 0x80) return first;
  if (more == 0 || text.size() < more) return 0xFFFD;
  char32_t letter = first & (0x3FU >> more);
  for (std::size_t i = 0; i < more; ++i) letter = letter << 6U | (std::uint8_t(text[i]) & 0x3FU);
  text.remove_prefix(more);
  return letter;
}

}  // namespace

Bytes to_bcd(std::uint64_t number, std::size_t octets) {
  Bytes packed(octets, 0);
  for (std::size_t i = octets; i-- > 0; number /= 100)
    packed[i] = std::uint8_t((number / 10 % 10) << 4U | number % 10);
  return packed;
}

Bytes to_bcd(std::string_view digits) {
  Bytes packed;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
    packed.push_back(std::uint8_t((digits[i] - '0') << 4 | (digits[i + 1] - '0')));
  return packed;
}

Result<std::string> from_bcd(ByteView bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const unsigned high = bytes[i] >> 4U;
    const unsigned low = bytes[i] & 0x0FU;
    if (high > 9 || low > 9) {
      Place place;
      place.offset = i;
      return fail(Errc::corrupt, "a number of the card terminal has something else than digits", place);
    }
    text += char('0' + high);
    text += char('0' + low);
  }
  return text;
}

std::string masked_card_number(ByteView bytes) {
  constexpr std::size_t kShown = 4;
  std::string text;
  for (const auto octet : bytes) {
    for (const unsigned half : {unsigned(octet) >> 4U, octet & 0x0FU}) {
      if (half == 0x0F) continue;
      text += half > 9 ? '*' : char('0' + half);
    }
  }
  for (std::size_t i = 0; i + kShown < text.size(); ++i) text[i] = '*';
  return text;
}

std::string from_code_page(ByteView bytes) {
  std::string text;
  for (const auto octet : bytes) {
    if (octet >= 0x80) {
      append_utf8(text, kUpperHalf[octet - 0x80U]);
    } else if (octet >= 0x20 && octet < 0x7F) {
      text += char(octet);
    }
  }
  return text;
}

Bytes to_code_page(std::string_view text) {
  Bytes bytes;
  while (!text.empty()) {
    const char32_t letter = take_letter(text);
    const auto at = kUpperHalf.find(letter);
    if (letter < 0x80) {
      bytes.push_back(std::uint8_t(letter));
    } else {
      bytes.push_back(at == std::u32string_view::npos ? std::uint8_t('?') : std::uint8_t(0x80 + at));
    }
  }
  return bytes;
}

}  // namespace mailroom::payment::zvt
