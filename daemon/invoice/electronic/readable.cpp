#include "daemon/invoice/electronic/readable.h"

#include <algorithm>

#include "daemon/invoice/model/terms.h"

namespace mailroom::invoice {
namespace {

using Kind = ReadableBlock::Kind;

constexpr int kLineGroup = 25;
constexpr int kEmbeddedFile = 125;

std::string german_date(const std::string& iso) {
  if (iso.size() != 10 || iso[4] != '-' || iso[7] != '-') return iso;
  return iso.substr(8, 2) + "." + iso.substr(5, 2) + "." + iso.substr(0, 4);
}

/// "1234.5" as "1.234,50"; what is no decimal as it is.
std::string german_number(const std::string& text, int places) {
  const auto number = Decimal::parse(text);
  if (!number) return text;
  std::string written = number->abs().text(places);
  const auto point = std::min(written.find('.'), written.size());
  if (point < written.size()) written[point] = ',';
  for (auto at = std::ptrdiff_t(point) - 3; at > 0; at -= 3) written.insert(std::size_t(at), ".");
  return (*number < 0 ? "-" : "") + written;
}

std::string value_of(const Term& term, const std::string& currency) {
  const auto* info = term_info(term.number);
  const auto kind = info == nullptr ? TermKind::text : info->kind;
  switch (kind) {
    case TermKind::date: return german_date(term.value);
    case TermKind::amount: return german_number(term.value, 2) + " " + (term.scheme.empty() ? currency : term.scheme);
    case TermKind::price: return german_number(term.value, 2) + " " + currency;
    case TermKind::quantity: return german_number(term.value, 0) + (term.scheme.empty() ? "" : " " + term.scheme);
    case TermKind::percent: return german_number(term.value, 0) + " %";
    default: break;
  }
  return term.value + (term.scheme.empty() ? "" : " (" + term.scheme + ")");
}

class Writing {
 public:
  explicit Writing(const Invoice& invoice) : invoice_(invoice), currency_(invoice.value(5)) {}

  std::vector<ReadableBlock> write() {
    add(Kind::title, "Rechnung " + invoice_.value(1));
    add(Kind::paragraph, "Lesbare Fassung der elektronischen Rechnung (" + std::string(name_of(invoice_.syntax)) +
                             "). Maßgeblich ist die empfangene Datei.");
    summary();
    heading("Rechnung");
    terms(invoice_.root);
    for (const Group& group : invoice_.root.groups) {
      if (group.number != kLineGroup) section(group, group_name(group.number));
    }
    lines();
    return std::move(blocks_);
  }

 private:
  void add(Kind kind, const std::string& words) { blocks_.push_back({kind, plain_words(words)}); }
  void heading(std::string_view words) { add(Kind::heading, std::string(words)); }

  void summary() {
    const auto amount = [&](int bt) { return german_number(invoice_.value(bt), 2) + " " + currency_; };
    add(Kind::paragraph, "Von " + invoice_.value(27) + " an " + invoice_.value(44) + ", vom " +
                             german_date(invoice_.value(2)) + ": " + amount(112) + ", davon Umsatzsteuer " +
                             amount(110) + ", zu zahlen " + amount(115) + ".");
  }

  void terms(const Group& group) {
    for (const Term& term : group.terms) {
      if (term.value.empty() && term.number != kEmbeddedFile) continue;
      const auto value = term.number == kEmbeddedFile ? "Anlage " + term.version + ", in der Datei"
                                                      : value_of(term, currency_);
      const auto* info = term_info(term.number);
      add(Kind::item, (info == nullptr ? term_name(term.number) : std::string(info->name)) + ": " + value);
    }
  }

  void section(const Group& group, std::string_view name) {
    heading(name.empty() ? group_id(group.number) : std::string(name));
    terms(group);
    for (const Group& inner : group.groups) nested(inner);
  }

  void nested(const Group& group) {
    terms(group);
    for (const Group& inner : group.groups) nested(inner);
  }

  void lines() {
    const auto all = invoice_.lines();
    const auto shown = std::min(all.size(), kReadableLines);
    for (std::size_t i = 0; i < shown; ++i) section(*all[i], "Position " + all[i]->value(126));
    if (shown < all.size())
      add(Kind::paragraph, std::to_string(all.size() - shown) +
                               " weitere Positionen stehen in der empfangenen Datei und sind hier weggelassen.");
  }

  const Invoice& invoice_;
  const std::string currency_;
  std::vector<ReadableBlock> blocks_;
};

/// Length of the UTF-8 character that begins at `at`, 0 when none does.
std::size_t character_at(const std::string& text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t length = lead < 0x80 ? 1 : lead >= 0xC2 && lead < 0xE0 ? 2 : lead >= 0xE0 && lead < 0xF0 ? 3
                             : lead >= 0xF0 && lead < 0xF5                  ? 4
                                                                            : 0;
  if (length == 0 || at + length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((static_cast<unsigned char>(text[at + i]) & 0xC0U) != 0x80) return 0;
  }
  return length;
}

char32_t code_point(const std::string& text, std::size_t at, std::size_t length) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  char32_t code = length == 1 ? byte(0) : byte(0) & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) code = (code << 6U) | (byte(i) & 0x3FU);
  return code;
}

bool is_invisible(char32_t code) {
  const bool direction = (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) ||
                         code == 0x061C || code == 0x200E || code == 0x200F;
  const bool without_width = (code >= 0x200B && code <= 0x200D) || code == 0x2060 || code == 0xFEFF;
  const bool no_character = (code >= 0xD800 && code <= 0xDFFF) || code > 0x10FFFF;
  return direction || without_width || no_character || (code >= 0x7F && code < 0xA0);
}

}  // namespace

std::string plain_words(const std::string& text, std::size_t most) {
  std::string plain;
  for (std::size_t at = 0; at < text.size();) {
    const auto length = character_at(text, at);
    if (length == 0) {
      ++at;
      continue;
    }
    const auto code = code_point(text, at, length);
    if (plain.size() + length > most) return plain + "…";
    if (code < 0x20) {
      plain += ' ';
    } else if (!is_invisible(code)) {
      plain.append(text, at, length);
    }
    at += length;
  }
  return plain;
}

std::vector<ReadableBlock> readable(const Invoice& invoice) {
  return Writing(invoice).write();
}

}  // namespace mailroom::invoice
