#include <algorithm>
#include <array>
#include <cctype>

#include "daemon/invoice/check_digits.h"
#include "daemon/invoice/paper/candidates.h"
#include "daemon/invoice/paper/written_values.h"

namespace mailroom::invoice {
namespace {

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Letters and digits only; letters become large.
std::string letters_and_digits(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (is_digit(c) || is_upper(c)) out += c;
    if (c >= 'a' && c <= 'z') out += char(c - 'a' + 'A');
  }
  return out;
}

char digit_like(char c) {
  switch (c) {
    case 'O':
    case 'Q':
    case 'D':
    case 'C':
    case 'U': return '0';
    case 'I':
    case 'L':
    case 'T':
    case 'J': return '1';
    case 'Z': return '2';
    case 'A': return '4';
    case 'S': return '5';
    case 'G': return '6';
    case 'B': return '8';
    default: return c;
  }
}

/// Digits that are taken for each other on poor paper.
std::string_view confused_with(char digit) {
  switch (digit) {
    case '0': return "869";
    case '1': return "74";
    case '2': return "7";
    case '3': return "859";
    case '4': return "19";
    case '5': return "638";
    case '6': return "0585";
    case '7': return "12";
    case '8': return "0363";
    case '9': return "043";
    default: return "";
  }
}

std::size_t iban_length(std::string_view country) {
  static constexpr std::array<std::pair<std::string_view, std::size_t>, 24> kLengths{
      {{"DE", 22}, {"AT", 20}, {"CH", 21}, {"LI", 21}, {"LU", 20}, {"NL", 18}, {"BE", 16}, {"FR", 27},
       {"IT", 27}, {"ES", 24}, {"PL", 28}, {"CZ", 24}, {"DK", 18}, {"SE", 24}, {"FI", 18}, {"NO", 15},
       {"IE", 22}, {"GB", 22}, {"PT", 25}, {"HU", 28}, {"SK", 24}, {"SI", 19}, {"LT", 20}, {"LV", 21}}};
  for (const auto& [code, length] : kLengths) {
    if (country == code) return length;
  }
  return 0;
}

/// Only digits follow the country and, in Germany, everywhere.
std::string with_digits_where_due(std::string iban, bool& changed) {
  const bool german = iban.substr(0, 2) == "DE";
  for (std::size_t i = 2; i < iban.size() && (german || i < 4); ++i) {
    const char digit = digit_like(iban[i]);
    changed = changed || digit != iban[i];
    iban[i] = digit;
  }
  return iban;
}

/// All codes that make the check digits hold with one digit replaced by one it is taken for.
template <typename Check>
std::vector<std::string> repairs_by_check(const std::string& code, std::size_t from, Check holds) {
  std::vector<std::string> found;
  for (std::size_t i = from; i < code.size(); ++i) {
    for (const char other : confused_with(code[i])) {
      std::string changed = code;
      changed[i] = other;
      const bool known = std::find(found.begin(), found.end(), changed) != found.end();
      if (!known && holds(changed)) found.push_back(std::move(changed));
    }
  }
  return found;
}

/// Bank code and account number, printed as well, say which of several German IBANs is meant: it holds both.
bool is_borne_out(const Layout& layout, const Spot& spot, const std::string& iban) {
  std::string apart;  // all other digits of the rows around, as they stand
  const auto row = layout.words[spot.first].row;
  for (std::size_t i = 0; i < layout.words.size(); ++i) {
    const bool near = layout.words[i].row + 3 >= row && layout.words[i].row <= row + 3;
    if (!near || (i >= spot.first && i <= spot.last)) continue;
    for (const char c : layout.words[i].text) {
      if (is_digit(c)) apart += c;
    }
    if (!apart.empty() && !is_digit(layout.words[i].text.back())) apart += ' ';
  }
  const auto account = iban.substr(12);
  const auto first = account.find_first_not_of('0');
  return first != std::string::npos && account.size() - first >= 5 &&
         apart.find(iban.substr(4, 8)) != std::string::npos &&
         apart.find(account.substr(first)) != std::string::npos;
}

/// The repair of an IBAN that does not hold: the only one there is, else the only one that other print bears
/// out.
std::string repaired_iban(const Layout& layout, const Spot& spot, const std::string& read) {
  const auto repairs = repairs_by_check(read, 2, is_iban);
  if (repairs.size() == 1) return repairs.front();
  std::string found;
  for (const auto& iban : repairs) {
    if (iban.substr(0, 2) != "DE" || !is_borne_out(layout, spot, iban)) continue;
    if (!found.empty()) return {};
    found = iban;
  }
  return found;
}

std::optional<CodeCandidate> iban_at(const Layout& layout, std::size_t at) {
  const auto& words = layout.words;
  std::string joined = letters_and_digits(words[at].text);
  // "IBAN:DE88..." in one word.
  if (joined.size() > 6 && joined.compare(0, 4, "IBAN") == 0) joined = joined.substr(4);
  if (joined.size() < 2 || !is_upper(joined[0]) || !is_upper(joined[1])) return std::nullopt;
  const auto length = iban_length(joined.substr(0, 2));
  if (length == 0) return std::nullopt;
  if (joined.size() > 2 && !is_digit(digit_like(joined[2]))) return std::nullopt;
  std::size_t last = at;
  while (joined.size() < length && last + 1 < words.size() && words[last + 1].row == words[at].row &&
         words[last + 1].left - words[last].right < 3 * layout.letter_height) {
    const auto next = letters_and_digits(words[last + 1].text);
    if (joined.size() + next.size() > length + 1) break;
    joined += next;
    ++last;
  }
  if (joined.size() != length) return std::nullopt;
  CodeCandidate candidate{{at, last}, joined, 0, false, false};
  bool changed = false;
  candidate.value = with_digits_where_due(joined, changed);
  if (std::count_if(candidate.value.begin(), candidate.value.end(), is_digit) < 12) return std::nullopt;
  candidate.confidence = confidence_of(layout, candidate.spot);
  candidate.valid = is_iban(candidate.value);
  if (!candidate.valid) {
    if (const auto repaired = repaired_iban(layout, candidate.spot, candidate.value); !repaired.empty()) {
      candidate.value = repaired;
      candidate.valid = candidate.repaired = true;
    }
  } else {
    // Sound check digits say more than the recogniser about itself.
    candidate.confidence = std::max(candidate.confidence, changed ? 0.9 : 0.97);
  }
  return candidate;
}

std::optional<CodeCandidate> vat_id_at(const Layout& layout, std::size_t at) {
  const auto& words = layout.words;
  std::string joined = letters_and_digits(words[at].text);
  std::size_t last = at;
  if (joined.compare(0, 2, "DE") != 0 && joined.compare(0, 3, "ATU") != 0) return std::nullopt;
  const std::size_t length = 11;
  while (joined.size() < length && last + 1 < words.size() && words[last + 1].row == words[at].row &&
         words[last + 1].left - words[last].right < 2 * layout.letter_height)
    joined += letters_and_digits(words[++last].text);
  if (joined.size() != length) return std::nullopt;
  const std::size_t digits_from = joined[0] == 'D' ? 2 : 3;
  for (std::size_t i = digits_from; i < length; ++i) joined[i] = digit_like(joined[i]);
  if (!std::all_of(joined.begin() + std::ptrdiff_t(digits_from), joined.end(), is_digit)) return std::nullopt;
  CodeCandidate candidate{{at, last}, joined, 0, is_vat_id(joined), false};
  candidate.confidence = confidence_of(layout, candidate.spot);
  if (candidate.valid) candidate.confidence = std::max(candidate.confidence, 0.95);
  return candidate;
}

}  // namespace

std::vector<DateCandidate> find_dates(const Layout& layout) {
  std::vector<DateCandidate> dates;
  const auto& words = layout.words;
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (const auto iso = read_date(words[at].text)) {
      dates.push_back({{at, at}, *iso, words[at].confidence});
      continue;
    }
    const auto in_row = [&](std::size_t i) { return i < words.size() && words[i].row == words[at].row; };
    if (!in_row(at + 2)) continue;
    std::optional<std::string> iso;
    if (words[at].text.back() == '.' || is_digit(words[at].text.back()))
      iso = read_date(words[at].text, words[at + 1].text, words[at + 2].text);
    if (!iso && words[at].text.back() == '.')  // "05. 03. 2018"
      iso = read_date(words[at].text + words[at + 1].text + words[at + 2].text);
    if (iso) {
      dates.push_back({{at, at + 2}, *iso, confidence_of(layout, {at, at + 2})});
      at += 2;
    }
  }
  return dates;
}

std::vector<CodeCandidate> find_ibans(const Layout& layout) {
  std::vector<CodeCandidate> found;
  for (std::size_t at = 0; at < layout.words.size(); ++at) {
    if (auto candidate = iban_at(layout, at)) {
      at = candidate->spot.last;
      found.push_back(std::move(*candidate));
    }
  }
  return found;
}

std::vector<CodeCandidate> find_vat_ids(const Layout& layout) {
  std::vector<CodeCandidate> found;
  for (std::size_t at = 0; at < layout.words.size(); ++at) {
    if (auto candidate = vat_id_at(layout, at)) {
      at = candidate->spot.last;
      found.push_back(std::move(*candidate));
    }
  }
  return found;
}

std::vector<CodeCandidate> find_leitweg_ids(const Layout& layout) {
  std::vector<CodeCandidate> found;
  for (std::size_t at = 0; at < layout.words.size(); ++at) {
    std::string text;
    for (const char c : layout.words[at].text) {
      if (c == '-' || is_digit(c) || std::isalpha(static_cast<unsigned char>(c)) != 0) text += c;
    }
    const auto dashes = std::count(text.begin(), text.end(), '-');
    if (dashes < 1 || dashes > 2 || text.size() < 8 || !is_digit(text[0]) || !is_digit(text[1])) continue;
    if (!is_leitweg_id(text)) continue;
    found.push_back({{at, at}, text, std::max(0.95, layout.words[at].confidence), true, false});
  }
  return found;
}

}  // namespace mailroom::invoice
