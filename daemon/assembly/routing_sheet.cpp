#include "daemon/assembly/routing_sheet.h"

#include <algorithm>
#include <array>
#include <optional>

#include "daemon/crypto/digest.h"

namespace mailroom::assembly {
namespace {

// Layout (docs/formats/routing-sheet.md): MR 1 K CCC DDDD NNN II HHHHHHHHHHHHHHHH [/reference]
constexpr std::string_view kMark = "MR";
constexpr char kVersion = '1';
constexpr std::size_t kHead = 16;
constexpr std::size_t kLength = 32;
constexpr std::size_t kLongestReference = 40;
constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
constexpr std::string_view kReferenceAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 $%*+-./:";

struct KindEntry {
  RoutingKind kind;
  char letter;
  std::string_view name;
};
constexpr std::array<KindEntry, 9> kKinds = {{{RoutingKind::batch, 'B', "batch"},
                                              {RoutingKind::document, 'D', "document"},
                                              {RoutingKind::document_class, 'C', "class"},
                                              {RoutingKind::urgent, 'U', "urgent"},
                                              {RoutingKind::label, 'L', "label"},
                                              {RoutingKind::attachment, 'A', "attachment"},
                                              {RoutingKind::envelope, 'E', "envelope"},
                                              {RoutingKind::closed_item, 'X', "closed_item"},
                                              {RoutingKind::count, 'N', "count"}}};

bool consists_of(std::string_view text, std::string_view alphabet) {
  return text.find_first_not_of(alphabet) == std::string_view::npos;
}

/// A code, or as many dashes where the sheet does not say.
bool is_code(std::string_view text, std::size_t length) {
  return text.size() == length && (consists_of(text, kAlphabet) || consists_of(text, "-"));
}

std::string filled(const std::string& code, std::size_t length) {
  return code.empty() ? std::string(length, '-') : code;
}

std::string emptied(std::string_view code) {
  return code.front() == '-' ? std::string() : std::string(code);
}

/// 80 bits of HMAC-SHA-256 over everything but itself.
std::string seal_of(std::string_view head, std::string_view reference, const RoutingKey& key) {
  const auto message = std::string(head) + (reference.empty() ? "" : "/" + std::string(reference));
  return to_base32(hmac_sha256(key.key, as_bytes(message))).substr(0, kLength - kHead);
}

Result<void> check_parts(const RoutingSheet& sheet, const RoutingKey& key) {
  if (!is_code(filled(sheet.class_code, 3), 3) || sheet.class_code.starts_with('-'))
    return fail(Errc::invalid_input, "the class code of a routing sheet is three of A-Z 0-9");
  if (!is_code(filled(sheet.department_code, 4), 4) || sheet.department_code.starts_with('-'))
    return fail(Errc::invalid_input, "the department code of a routing sheet is four of A-Z 0-9");
  if (sheet.count < 0 || sheet.count > 999)
    return fail(Errc::invalid_input, "a routing sheet counts 0 to 999 sheets");
  if (sheet.reference.size() > kLongestReference || !consists_of(sheet.reference, kReferenceAlphabet))
    return fail(Errc::invalid_input, "the reference of a routing sheet is too long or has other characters",
                {}, "use at most 40 of A-Z 0-9 space $ % * + - . / :");
  if (key.id.size() != 2 || !consists_of(key.id, kAlphabet))
    return fail(Errc::invalid_input, "the id of a routing key is two of A-Z 0-9");
  return {};
}

bool is_ours(std::string_view text) {
  return text.size() >= kLength && text.starts_with(kMark) && text[2] >= '0' && text[2] <= '9' &&
         consists_of(text.substr(0, kLength), "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
}

Result<RoutingSheet> parts_of(std::string_view text, const KindEntry& kind) {
  const auto class_code = text.substr(4, 3);
  const auto department = text.substr(7, 4);
  const auto count = text.substr(11, 3);
  const bool with_reference = text.size() > kLength;
  const auto reference = with_reference ? text.substr(kLength + 1) : std::string_view();
  const bool tail_fits = !with_reference || (text[kLength] == '/' && !reference.empty() &&
                                             reference.size() <= kLongestReference &&
                                             consists_of(reference, kReferenceAlphabet));
  if (!is_code(class_code, 3) || !is_code(department, 4) || !consists_of(count, "0123456789") || !tail_fits)
    return fail(Errc::invalid_input, "the code of the routing sheet is malformed");
  return RoutingSheet{kind.kind, emptied(class_code), emptied(department), std::stoi(std::string(count)),
                      std::string(reference)};
}

Result<void> check_seal(std::string_view text, const RoutingSheet& sheet,
                        const std::vector<RoutingKey>& keys) {
  const auto seal = text.substr(kHead, kLength - kHead);
  bool known = false;
  for (const auto& key : keys) {
    if (key.id != text.substr(14, 2)) continue;
    known = true;
    const auto expected = seal_of(text.substr(0, kHead), sheet.reference, key);
    if (equal_in_constant_time(as_bytes(expected), as_bytes(seal))) return {};
  }
  return fail(Errc::refused,
              known ? "the routing sheet was not made by this mailroom"
                    : "the routing sheet was made with a key this mailroom does not have",
              {}, "use sheets printed by `mailroomctl separators`");
}

}  // namespace

std::string_view name_of(RoutingKind kind) {
  for (const auto& entry : kKinds) {
    if (entry.kind == kind) return entry.name;
  }
  return "unknown";
}

Result<RoutingKind> routing_kind_from(std::string_view name) {
  std::string known;
  for (const auto& entry : kKinds) {
    if (entry.name == name) return entry.kind;
    known += (known.empty() ? "" : ", ") + std::string(entry.name);
  }
  return fail(Errc::invalid_input, "'" + std::string(name) + "' is no kind of routing sheet", {},
              "use one of: " + known);
}

Result<RoutingPayloads> encode_routing_sheet(const RoutingSheet& sheet, const RoutingKey& key) {
  MAILROOM_TRY_VOID(check_parts(sheet, key));
  const auto* kind =
      std::find_if(kKinds.begin(), kKinds.end(), [&](const auto& k) { return k.kind == sheet.kind; });
  if (kind == kKinds.end()) return fail(Errc::invalid_input, "unknown kind of routing sheet");
  const auto number = std::to_string(sheet.count);
  std::string head(kMark);
  head += kVersion;
  head += kind->letter;
  head += filled(sheet.class_code, 3) + filled(sheet.department_code, 4);
  head += std::string(3 - number.size(), '0') + number + key.id;
  RoutingPayloads payloads{head + seal_of(head, "", key), {}};
  payloads.qr = sheet.reference.empty() ? payloads.code128
                                        : head + seal_of(head, sheet.reference, key) + "/" + sheet.reference;
  return payloads;
}

Result<RoutingSheet> read_routing_sheet(std::string_view text, const std::vector<RoutingKey>& keys) {
  if (!is_ours(text)) return fail(Errc::not_found, "this is no routing code");
  const auto* kind =
      std::find_if(kKinds.begin(), kKinds.end(), [&](const auto& k) { return k.letter == text[3]; });
  if (text[2] != kVersion || kind == kKinds.end())
    return fail(Errc::unsupported, "the routing sheet is of a version or kind that is not known here", {},
                "print the sheets anew");
  MAILROOM_TRY(auto sheet, parts_of(text, *kind));
  MAILROOM_TRY_VOID(check_seal(text, sheet, keys));
  return sheet;
}

}  // namespace mailroom::assembly
