#include "drivers/card/eid/data_groups.h"

#include <algorithm>
#include <array>
#include <string>

#include "drivers/card/apdu/tlv.h"

namespace mailroom::card {
namespace {

using nlohmann::json;

constexpr std::uint32_t kUtf8 = 0x0C, kNumeric = 0x12, kPrintable = 0x13, kIa5 = 0x16, kOctets = 0x04,
                        kSequence = 0x30, kSet = 0x31;
constexpr std::size_t kLongestText = 1024;

constexpr std::array<std::string_view, 23> kNames = {
    "",              "document_type",  "issuer",           "expires",          "given_names",
    "family_names",  "artistic_name",  "academic_title",   "born",             "place_of_birth",
    "nationality",   "sex",            "optional_data",    "birth_name",       "written_signature",
    "issued",        "",               "residence",        "community",        "residence_permit_1",
    "residence_permit_2", "phone",     "email"};

tl::unexpected<Error> malformed(int number) {
  return fail(Errc::corrupt, "data group " + std::to_string(number) + " of the card is malformed");
}

/// The length of the UTF-8 sequence at the front of `text`, 0 when it is none (RFC 3629).
std::size_t sequence_length(ByteView text) {
  const std::uint8_t first = text[0];
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xC2 && first < 0xE0 ? 2 : first >= 0xE0 && first < 0xF0 ? 3 : first >= 0xF0 && first < 0xF5 ? 4 : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((text[i] & 0xC0U) != 0x80U) return 0;
  }
  const bool overlong = (first == 0xE0 && text[1] < 0xA0) || (first == 0xF0 && text[1] < 0x90);
  const bool no_character = (first == 0xED && text[1] > 0x9F) || (first == 0xF4 && text[1] > 0x8F);
  return overlong || no_character ? 0 : length;
}

bool is_text(ByteView text) {
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0 || text[0] < 0x20 || text[0] == 0x7F) return false;
    text = text.subspan(length);
  }
  return true;
}

/// One text of any of the string types; `number` is for the error.
Result<std::string> read_text(int number, const Tlv& object) {
  const bool known = object.tag == kUtf8 || object.tag == kNumeric || object.tag == kPrintable || object.tag == kIa5;
  if (!known || object.value.size() > kLongestText || !is_text(object.value)) return malformed(number);
  const bool ascii = std::all_of(object.value.begin(), object.value.end(), [](auto c) { return c < 0x80; });
  if (object.tag != kUtf8 && !ascii) return malformed(number);
  return std::string(as_text(object.value));
}

Result<Tlv> only_object(int number, ByteView content) {
  const auto objects = read_tlv(content);
  if (!objects || objects->size() != 1) return malformed(number);
  return objects->front();
}

Result<json> read_single_text(int number, ByteView content) {
  MAILROOM_TRY(const Tlv object, only_object(number, content));
  MAILROOM_TRY(std::string text, read_text(number, object));
  return json(std::move(text));
}

/// YYYYMMDD as an ISO date; a part that the holder does not know is left out ("1964", "1964-08").
Result<json> read_date(int number, ByteView content) {
  MAILROOM_TRY(const Tlv object, only_object(number, content));
  MAILROOM_TRY(const std::string text, read_text(number, object));
  const auto digits = [&](std::size_t at, std::size_t count) {
    return std::all_of(text.begin() + std::ptrdiff_t(at), text.begin() + std::ptrdiff_t(at + count),
                       [](char c) { return c >= '0' && c <= '9'; });
  };
  const auto blank = [&](std::size_t at) { return text.find_first_not_of(' ', at) == std::string::npos; };
  if (text.size() != 8 || !digits(0, 4)) return malformed(number);
  if (blank(4)) return json(text.substr(0, 4));
  if (!digits(4, 2) || text.substr(4, 2) < "01" || text.substr(4, 2) > "12") return malformed(number);
  if (blank(6)) return json(text.substr(0, 4) + "-" + text.substr(4, 2));
  if (!digits(6, 2) || text.substr(6, 2) < "01" || text.substr(6, 2) > "31") return malformed(number);
  return json(text.substr(0, 4) + "-" + text.substr(4, 2) + "-" + text.substr(6, 2));
}

std::string_view place_part(std::uint32_t tag) {
  switch (tag) {
    case 0xAA: return "street";
    case 0xAB: return "city";
    case 0xAC: return "state";
    case 0xAD: return "country";
    case 0xAE: return "postcode";
    default: return "";
  }
}

Result<json> read_structured_place(int number, ByteView parts) {
  const auto objects = read_tlv(parts);
  if (!objects) return malformed(number);
  json place = json::object();
  for (const auto& part : *objects) {
    const auto name = place_part(part.tag);
    if (name.empty() || place.contains(name)) return malformed(number);
    MAILROOM_TRY(const Tlv inner, only_object(number, part.value));
    MAILROOM_TRY(place[std::string(name)], read_text(number, inner));
  }
  return place;
}

/// GeneralPlace: a sequence of parts, or a text of its own kind.
Result<json> read_place(int number, const Tlv& object) {
  if (object.tag == kSequence) return read_structured_place(number, object.value);
  if (object.tag != 0xA1 && object.tag != 0xA2) return malformed(number);
  MAILROOM_TRY(const Tlv inner, only_object(number, object.value));
  MAILROOM_TRY(std::string text, read_text(number, inner));
  return json{{object.tag == 0xA1 ? "text" : "none", std::move(text)}};
}

/// PlaceOfResidence: one place, or a set of them.
Result<json> read_residence(int number, ByteView content) {
  MAILROOM_TRY(const Tlv object, only_object(number, content));
  if (object.tag != kSet) return read_place(number, object);
  const auto places = read_tlv(object.value);
  if (!places || places->empty()) return malformed(number);
  json list = json::array();
  for (const auto& place : *places) {
    MAILROOM_TRY(list.emplace_back(), read_place(number, place));
  }
  return list;
}

/// Text ::= uncompressed [1] UTF8String or compressed [2] OCTET STRING (DEFLATE). Cards write the first.
Result<json> read_permit_text(int number, ByteView content) {
  MAILROOM_TRY(const Tlv object, only_object(number, content));
  if (object.tag != 0xA1) return malformed(number);
  return read_single_text(number, object.value);
}

Result<json> read_octets(int number, ByteView content) {
  MAILROOM_TRY(const Tlv object, only_object(number, content));
  if (object.tag != kOctets) return malformed(number);
  return json(to_hex(object.value));
}

}  // namespace

std::string_view group_name(int number) {
  return number >= 1 && number <= 22 ? kNames[std::size_t(number)] : std::string_view();
}

int group_number(std::string_view name) {
  if (name.empty()) return 0;
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  return found == kNames.end() ? 0 : int(found - kNames.begin());
}

Result<json> read_data_group(int number, ByteView content) {
  MAILROOM_TRY(const Tlv file, only_object(number, content));
  if (number < 1 || number > 22 || file.tag != 0x60U + unsigned(number)) return malformed(number);
  switch (number) {
    case 3:
    case 8:
    case 15: return read_date(number, file.value);
    case 9: {
      MAILROOM_TRY(const Tlv place, only_object(number, file.value));
      return read_place(number, place);
    }
    case 17: return read_residence(number, file.value);
    case 18: return read_octets(number, file.value);
    case 19:
    case 20: return read_permit_text(number, file.value);
    case 12:
    case 14:
    case 16: return fail(Errc::unsupported, "data group " + std::to_string(number) + " has no form that is read here");
    default: return read_single_text(number, file.value);
  }
}

CardKind kind_of(std::string_view document_type) {
  if (document_type == "ID") return CardKind::identity_card;
  if (document_type == "AR" || document_type == "AS" || document_type == "AF") return CardKind::residence_permit;
  if (document_type == "UB") return CardKind::eu_citizen_card;
  return CardKind::other;
}

std::string_view name_of(CardKind kind) {
  switch (kind) {
    case CardKind::identity_card: return "identity_card";
    case CardKind::residence_permit: return "residence_permit";
    case CardKind::eu_citizen_card: return "eu_citizen_card";
    case CardKind::other: break;
  }
  return "other";
}

}  // namespace mailroom::card
