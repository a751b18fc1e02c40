#include <algorithm>
#include <cmath>

#include "daemon/invoice/paper/candidates.h"
#include "daemon/invoice/paper/written_values.h"

namespace mailroom::invoice {
namespace {

constexpr double kHeaderAtMost = 45;  ///< mm from a column's head to an amount under it
constexpr std::size_t kAmountsAtMost = 40'000;

bool is_currency(const std::string& text) {
  return text == "€" || text == "EUR" || text == "Euro" || text == "EURO" || text == "eur";
}

/// "1.530," and "00" or "1" and "530,00" are pieces of one amount when they nearly touch.
std::optional<WrittenAmount> read_pieces(const Layout& layout, std::size_t first, std::size_t last) {
  std::string text;
  for (std::size_t i = first; i <= last; ++i) {
    const auto& word = layout.words[i];
    if (i > first && (word.row != layout.words[i - 1].row ||
                      word.left - layout.words[i - 1].right > 0.7 * layout.letter_height))
      return std::nullopt;
    text += word.text;
  }
  return read_amount(text);
}

bool is_plain_number(const std::string& text) {
  return !text.empty() && text.size() <= 3 && text.find_first_not_of("0123456789") == std::string::npos;
}

/// The amount that begins at the word, with as many words as it takes.
std::optional<AmountCandidate> amount_at(const Layout& layout, std::size_t at) {
  const auto& words = layout.words;
  auto amount = read_amount(words[at].text);
  std::size_t last = at;
  const bool open =
      words[at].text.size() > 1 && (words[at].text.back() == ',' || words[at].text.back() == '.');
  if (at + 1 < words.size() && words[at + 1].row == words[at].row) {
    const bool thousands = is_plain_number(words[at].text) && words[at + 1].text.size() >= 6;
    if (open || thousands) {
      if (const auto joined = read_pieces(layout, at, at + 1); joined && joined->decimals == 2) {
        amount = joined;
        last = at + 1;
      }
    }
  }
  if (!amount) return std::nullopt;
  // A sign that stands apart: "- 14,73".
  if (at > 0 && words[at - 1].row == words[at].row &&
      (words[at - 1].text == "-" || words[at - 1].text == "−") &&
      words[at].left - words[at - 1].right < layout.letter_height && amount->value > 0)
    amount->value = -amount->value;
  AmountCandidate candidate;
  candidate.spot = {at, last};
  candidate.cents = amount->cents();
  candidate.ten_thousandths = amount->value;
  candidate.decimals = amount->decimals;
  candidate.currency = amount->currency ||
                       (last + 1 < words.size() && words[last + 1].row == words[at].row &&
                        is_currency(words[last + 1].text)) ||
                       (at > 0 && words[at - 1].row == words[at].row && is_currency(words[at - 1].text));
  candidate.confidence = confidence_of(layout, candidate.spot) - (amount->repaired ? 0.2 : 0);
  return candidate;
}

bool counts_as_amount(const AmountCandidate& candidate) {
  return candidate.decimals == 2 || candidate.decimals >= 3 || candidate.currency;
}

/// What a row says besides amounts: the nearest stretch of words to the left of `at`.
std::string words_before(const Layout& layout, const TextRow& row, std::size_t at,
                         const std::vector<bool>& is_amount) {
  std::string phrase;
  double edge = layout.words[at].left;
  bool spoken = false;
  const auto place = std::find(row.words.begin(), row.words.end(), at);
  for (auto it = std::make_reverse_iterator(place); it != row.words.rend(); ++it) {
    const auto& word = layout.words[*it];
    if (is_amount[*it] || is_currency(word.text) || word.folded.empty()) {
      if (spoken) break;
      continue;
    }
    if (spoken && edge - word.right > 2.2 * layout.letter_height) break;
    const bool says_nothing = word.folded.find_first_not_of("0123456789") == std::string::npos ||
                              word.folded == "eur" || word.folded == "in" || word.folded == "aus" ||
                              word.folded == "von";
    spoken = spoken || !says_nothing;
    phrase.insert(0, word.folded);
    edge = word.left;
  }
  return phrase;
}

/// The head of the column the amount stands in.
std::string words_above(const Layout& layout, std::size_t at, const std::vector<bool>& is_amount) {
  const auto& amount = layout.words[at];
  for (std::size_t row = amount.row; row-- > 0;) {
    const TextRow& above = layout.rows[row];
    if (above.page != amount.page || amount.top - above.bottom > kHeaderAtMost) break;
    std::string phrase;
    for (std::size_t i = 0; i < above.words.size(); ++i) {
      const auto& word = layout.words[above.words[i]];
      if (is_amount[above.words[i]] ||
          word.folded.find_first_of("abcdefghijklmnopqrstuvwxyz") == std::string::npos)
        continue;
      const bool over = std::min(word.right, amount.right) - std::max(word.left, amount.left) > 0.3 ||
                        std::abs(word.right - amount.right) < 2;
      if (over) phrase += word.folded;
    }
    if (!phrase.empty() && !is_currency(phrase)) return phrase;
  }
  return {};
}

std::optional<int> rate_in_row(const Layout& layout, const TextRow& row) {
  std::optional<int> found;
  for (std::size_t i = 0; i < row.words.size(); ++i) {
    const auto& word = layout.words[row.words[i]];
    auto rate = read_percent(word.text);
    const bool sign_apart =
        i + 1 < row.words.size() && layout.words[row.words[i + 1]].text.rfind('%', 0) == 0;
    if (!rate && sign_apart) rate = read_percent(word.text + "%");
    if (rate && *rate <= 27'00) found = rate;
  }
  return found;
}

}  // namespace

std::vector<AmountCandidate> find_amounts(const Layout& layout) {
  std::vector<AmountCandidate> amounts;
  std::vector<bool> is_amount(layout.words.size(), false);
  for (std::size_t at = 0; at < layout.words.size() && amounts.size() < kAmountsAtMost; ++at) {
    auto candidate = amount_at(layout, at);
    if (!candidate || !counts_as_amount(*candidate)) continue;
    const auto after = candidate->spot.last + 1;
    const bool percent = after < layout.words.size() && layout.words[after].row == layout.words[at].row &&
                         layout.words[after].text.rfind('%', 0) == 0;
    if (percent) continue;
    for (auto i = candidate->spot.first; i <= candidate->spot.last; ++i) is_amount[i] = true;
    amounts.push_back(*candidate);
    at = candidate->spot.last;
  }
  for (auto& amount : amounts) {
    const auto& word = layout.words[amount.spot.first];
    const TextRow& row = layout.rows[word.row];
    amount.rate = rate_in_row(layout, row);
    const auto before = words_before(layout, row, amount.spot.first, is_amount);
    amount.role = amount_role(before);
    amount.role_score = amount.role == AmountRole::none ? 0 : 1;
    if (before.find_first_of("abcdefghijklmnopqrstuvwxyz") == std::string::npos ||
        before == "umsatzsteuers") {
      if (const auto role = amount_role(words_above(layout, amount.spot.first, is_amount));
          role != AmountRole::none) {
        amount.role = role;
        amount.role_score = 0.7;
      }
    }
  }
  return amounts;
}

}  // namespace mailroom::invoice
