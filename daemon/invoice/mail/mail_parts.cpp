#include "daemon/invoice/mail/mail_parts.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>

namespace mailroom::invoice {
namespace {

constexpr std::size_t kMostBytes = std::size_t{64} << 20U;
constexpr int kDeepest = 10;
constexpr std::size_t kMostParts = 200;
constexpr std::size_t kLongestHeader = 64 * 1024;

std::string lower(std::string_view text) {
  std::string copy(text);
  std::transform(copy.begin(), copy.end(), copy.begin(),
                 [](unsigned char c) { return char(std::tolower(c)); });
  return copy;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kWhiteSpace = " \t\r\n";
  const auto begin = text.find_first_not_of(kWhiteSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kWhiteSpace) - begin + 1);
}

/// Takes the first line off `text`, without its line end.
std::string_view next_line(std::string_view& text) {
  const auto end = text.find('\n');
  auto line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

using Headers = std::map<std::string, std::string>;

/// Takes the header off `text`; folded lines are joined. Of a doubled field the first counts.
Headers take_headers(std::string_view& text) {
  Headers headers;
  std::string* last = nullptr;
  while (!text.empty()) {
    const auto line = next_line(text);
    if (line.empty()) break;
    if ((line.front() == ' ' || line.front() == '\t') && last != nullptr) {
      if (last->size() < kLongestHeader) *last += " " + std::string(trimmed(line));
      continue;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const auto [entry, is_new] =
        headers.emplace(lower(trimmed(line.substr(0, colon))), std::string(trimmed(line.substr(colon + 1))));
    last = is_new ? &entry->second : nullptr;
  }
  return headers;
}

std::string value_of(const Headers& headers, const std::string& name) {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
}

/// The parameter `name` of a header value such as `text/plain; charset="utf-8"`.
std::string parameter(std::string_view value, std::string_view name) {
  const std::string low = lower(value);
  for (auto at = low.find(name); at != std::string::npos; at = low.find(name, at + 1)) {
    const bool begins = at > 0 && (low[at - 1] == ';' || low[at - 1] == ' ' || low[at - 1] == '\t');
    auto rest = value.substr(at + name.size());
    if (begins && rest.starts_with("*")) rest.remove_prefix(rest.starts_with("*0") ? 2 : 1);
    if (begins && rest.starts_with("*")) rest.remove_prefix(1);
    if (!begins || !rest.starts_with("=")) continue;
    rest.remove_prefix(1);
    if (rest.starts_with('"')) return std::string(rest.substr(1, rest.find('"', 1) - 1));
    return std::string(trimmed(rest.substr(0, rest.find(';'))));
  }
  return {};
}

int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

/// Tolerant, as RFC 2045 §6.8 asks: characters outside the alphabet are passed over.
Bytes decode_base64(std::string_view text) {
  Bytes bytes;
  bytes.reserve(text.size() / 4 * 3);
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    const int digit = base64_digit(c);
    if (digit < 0) continue;
    bits = bits << 6U | unsigned(digit);
    if ((count += 6) < 8) continue;
    count -= 8;
    bytes.push_back(std::uint8_t(bits >> unsigned(count) & 0xFFU));
  }
  return bytes;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char low = char(std::tolower(static_cast<unsigned char>(c)));
  return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

Bytes decode_quoted_printable(std::string_view text) {
  Bytes bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=') {
      bytes.push_back(std::uint8_t(text[i]));
      continue;
    }
    if (i + 1 < text.size() && (text[i + 1] == '\n' || text[i + 1] == '\r')) {
      i += text[i + 1] == '\r' && i + 2 < text.size() && text[i + 2] == '\n' ? 2 : 1;  // a soft line break
      continue;
    }
    const int high = i + 1 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
    bytes.push_back(high < 0 || low < 0 ? std::uint8_t('=') : std::uint8_t(high * 16 + low));
    if (high >= 0 && low >= 0) i += 2;
  }
  return bytes;
}

Bytes decoded(std::string_view body, const std::string& encoding) {
  if (encoding == "base64") return decode_base64(body);
  if (encoding == "quoted-printable") return decode_quoted_printable(body);
  const auto view = as_bytes(body);
  return {view.begin(), view.end()};
}

class MailReader {
 public:
  Result<void> read(std::string_view text, int depth) {
    if (depth > kDeepest) return fail(Errc::refused, "the e-mail is nested deeper than 10 levels");
    const Headers headers = take_headers(text);
    const std::string type = value_of(headers, "content-type");
    const std::string media_type = lower(trimmed(std::string_view(type).substr(0, type.find(';'))));
    const std::string encoding = lower(trimmed(value_of(headers, "content-transfer-encoding")));
    const std::string boundary = parameter(type, "boundary");
    if (media_type.starts_with("multipart/") && !boundary.empty()) return read_parts(text, boundary, depth);
    if (media_type == "message/rfc822") {
      const Bytes inner = decoded(text, encoding);
      return read(as_text(inner), depth + 1);
    }
    if (parts_.size() == kMostParts) return fail(Errc::refused, "the e-mail has more than 200 parts");
    std::string name = parameter(value_of(headers, "content-disposition"), "filename");
    if (name.empty()) name = parameter(type, "name");
    parts_.push_back({media_type.empty() ? "text/plain" : media_type, name, decoded(text, encoding)});
    return {};
  }

  std::vector<MailPart> take() { return std::move(parts_); }

 private:
  /// Parts stand between lines that begin with "--boundary"; the last such line ends in "--".
  Result<void> read_parts(std::string_view text, const std::string& boundary, int depth) {
    const std::string mark = "--" + boundary;
    const char* begin = nullptr;
    while (true) {
      const char* const line_begin = text.data();
      const bool at_end = text.empty();
      const auto line = next_line(text);
      if (!at_end && !line.starts_with(mark)) continue;
      if (begin != nullptr) {
        auto part = std::string_view(begin, std::size_t(line_begin - begin));
        if (part.ends_with('\n')) part.remove_suffix(part.ends_with("\r\n") ? 2 : 1);
        MAILROOM_TRY_VOID(read(part, depth + 1));
      }
      if (at_end || line.substr(mark.size()).starts_with("--")) return {};
      begin = text.data();
    }
  }

  std::vector<MailPart> parts_;
};

}  // namespace

bool looks_like_mail(ByteView bytes) {
  static constexpr std::array<std::string_view, 9> kFields{"from",       "to",          "subject",
                                                           "received",   "date",        "mime-version",
                                                           "message-id", "return-path", "content-type"};
  auto text = as_text(bytes).substr(0, 4096);
  int known = 0;
  while (!text.empty()) {
    const auto line = next_line(text);
    if (line.empty()) break;
    if (line.front() == ' ' || line.front() == '\t') continue;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return false;
    known += std::find(kFields.begin(), kFields.end(), lower(line.substr(0, colon))) == kFields.end() ? 0 : 1;
  }
  return known >= 2;
}

Result<std::vector<MailPart>> mail_parts(ByteView mail) {
  if (mail.size() > kMostBytes) return fail(Errc::refused, "the e-mail is larger than 64 MiB");
  if (!looks_like_mail(mail)) return fail(Errc::invalid_input, "the file is no e-mail");
  MailReader reader;
  MAILROOM_TRY_VOID(reader.read(as_text(mail), 0));
  return reader.take();
}

}  // namespace mailroom::invoice
