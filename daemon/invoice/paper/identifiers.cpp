#include <algorithm>
#include <array>
#include <cctype>

#include "daemon/invoice/check_digits.h"
#include "daemon/invoice/paper/paper_reading.h"
#include "daemon/invoice/paper/written_values.h"

namespace mailroom::invoice {
namespace {

constexpr double kSureWitness = 0.85;  ///< confidence of a word that bears another one out

bool has_digit(std::string_view text) {
  return text.find_first_of("0123456789") != std::string_view::npos;
}

/// Characters around a value that belong to the sentence, not to it.
std::string trimmed(std::string text) {
  const auto falls_away = [](char c) {
    return c == ':' || c == ',' || c == ';' || c == '.' || c == '(' || c == ')' || c == '|' || c == '"' ||
           c == '#' || c == '_' || c == '=' || c == '*';
  };
  while (!text.empty() && falls_away(text.back())) text.pop_back();
  while (!text.empty() && falls_away(text.front())) text.erase(0, 1);
  return text;
}

/// Whether a word may be, or begin, a number that somebody gave: letters, digits, - / . _ only.
bool is_identifier(const std::string& text) {
  if (text.empty() || text.size() > 40) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '/' || c == '.' || c == '_' ||
           c == '#';
  });
}

struct Identifier {
  Spot spot;
  std::string value;
};

/// The number that begins at the word: "2026-1187", "RE 2026 0815", "R-17". Pieces follow closely.
std::optional<Identifier> identifier_at(const Layout& layout, std::size_t at) {
  const auto& words = layout.words;
  Identifier found{{at, at}, trimmed(words[at].text)};
  if (!is_identifier(found.value)) return std::nullopt;
  const bool prefix = !has_digit(found.value) && found.value.size() <= 4 &&
                      std::all_of(found.value.begin(), found.value.end(),
                                  [](char c) { return (c >= 'A' && c <= 'Z') || c == '-' || c == '/'; });
  if (!has_digit(found.value) && !prefix) return std::nullopt;
  for (std::size_t next = at + 1; next < words.size() && words[next].row == words[at].row; ++next) {
    const auto piece = trimmed(words[next].text);
    const bool close = words[next].left - words[next - 1].right < 1.0 * layout.letter_height;
    if (!close || !is_identifier(piece) || read_date(piece)) break;
    const bool goes_on = has_digit(piece) || piece == "-" || piece == "/";
    if (!goes_on || words[next - 1].text.back() == ',' || words[next - 1].text.back() == ';') break;
    const bool glued = words[next].left - words[next - 1].right < 0.25 * layout.letter_height ||
                       piece == "-" || piece == "/" || found.value.back() == '-' || found.value.back() == '/';
    found.value += (glued ? "" : " ") + piece;
    found.spot.last = next;
  }
  if (!has_digit(found.value)) return std::nullopt;
  return found;
}

bool looks_like_something_else(const std::string& value) {
  if (read_date(value)) return true;
  const auto amount = read_amount(value);
  if (amount && amount->decimals == 2) return true;
  if (read_percent(value)) return true;
  return value.size() > 15 && is_iban(value);
}

/// "Rechnung" alone announces a number only when one follows at once.
double label_weight(const Layout& layout, const Label& label) {
  std::string joined;
  for (std::size_t i = label.first; i <= label.last; ++i) joined += layout.words[i].folded;
  const bool bare = joined.find("nr") == std::string::npos && joined.find("nummer") == std::string::npos &&
                    joined.find("no") == std::string::npos && joined.find("id") == std::string::npos &&
                    joined.find("number") == std::string::npos;
  return bare ? 0.8 : 1;
}

struct Scored {
  Identifier found;
  double score = 0;
};

/// All values the labels of a kind may announce, the best first, one of each value.
std::vector<Scored> values_of(const PaperReading& reading, LabelKind kind) {
  std::vector<Scored> scored;
  for (const Label& label : reading.labels) {
    if (label.kind != kind) continue;
    const double weight = label_weight(reading.layout, label);
    const auto& words = reading.layout.words;
    const std::size_t from = label.first, page = words[label.first].page;
    for (std::size_t at = from + 1; at < words.size() && words[at].page == page && at < from + 400; ++at) {
      if (at <= label.last || words[at].top > words[label.last].bottom + 13) {
        if (words[at].top > words[label.last].bottom + 13) break;
        continue;
      }
      const double place = place_score(reading.layout, label, {at, at});
      if (place * weight < 0.45 || (weight < 1 && place < 0.6)) continue;
      const auto found = identifier_at(reading.layout, at);
      if (!found || looks_like_something_else(found->value)) continue;
      const bool announced_by_other =
          std::any_of(reading.labels.begin(), reading.labels.end(), [&](const Label& other) {
            return other.kind != kind && other.kind != LabelKind::buyer && other.kind != LabelKind::seller &&
                   other.kind != LabelKind::date &&
                   place_score(reading.layout, other, found->spot) > place * weight + 0.02;
          });
      if (announced_by_other) continue;
      scored.push_back({*found, place * weight});
    }
  }
  std::stable_sort(scored.begin(), scored.end(),
                   [](const auto& a, const auto& b) { return a.score > b.score; });
  std::vector<Scored> distinct;
  for (auto& value : scored) {
    const bool known = std::any_of(distinct.begin(), distinct.end(),
                                   [&](const auto& d) { return d.found.value == value.found.value; });
    if (!known) distinct.push_back(std::move(value));
  }
  return distinct;
}

/// Letters and digits that look alike stand side by side: "RE-2O17".
bool is_ambiguous(const std::string& value) {
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (c != 'O' && c != 'o' && c != 'I' && c != 'l' && c != 'S' && c != 'B') continue;
    const bool digit_before = i > 0 && has_digit(value.substr(i - 1, 1));
    const bool digit_after = i + 1 < value.size() && has_digit(value.substr(i + 1, 1));
    if (digit_before || (digit_after && i > 0)) return true;
  }
  return false;
}

/// The same number elsewhere on the paper, as in "bitte angeben: 2026-1187".
bool stands_again(const Layout& layout, const Identifier& found) {
  const auto wanted = fold(found.value);
  for (std::size_t i = 0; i < layout.words.size(); ++i) {
    if (i >= found.spot.first && i <= found.spot.last) continue;
    const bool sure = layout.words[i].confidence >= kSureWitness;
    if (sure && layout.words[i].folded == wanted && wanted.size() >= 4) return true;
  }
  return false;
}

void set_from(const PaperReading& reading, PaperInvoice& invoice, LabelKind kind, const char* name) {
  const auto values = values_of(reading, kind);
  if (values.empty()) return;
  const auto& best = values.front();
  const double read = confidence_of(reading.layout, best.found.spot);
  invoice.set(field_at(reading.layout, name, best.found.value, best.found.spot, std::min(best.score, read)));
}

}  // namespace

PaperField field_at(const Layout& layout, const std::string& name, const std::string& value, const Spot& spot,
                    double confidence) {
  return {name, value, confidence, "text", layout.pages[layout.words[spot.first].page], box_of(layout, spot)};
}

void read_number(const PaperReading& reading, PaperInvoice& invoice) {
  for (const Anchor& anchor : reading.anchors) {
    if (anchor.field != "invoice_number") continue;
    const auto spot = follow(reading.layout, anchor);
    if (!spot) continue;
    if (const auto found = identifier_at(reading.layout, spot->first);
        found && !looks_like_something_else(found->value)) {
      auto& field = invoice.set(field_at(reading.layout, "invoice_number", found->value, found->spot,
                                         confidence_of(reading.layout, found->spot)));
      field.witnessed = stands_again(reading.layout, *found);
      return;
    }
  }
  const auto values = values_of(reading, LabelKind::number);
  if (values.empty()) return;
  const auto& best = values.front();
  const bool again = stands_again(reading.layout, best.found);
  double confidence = confidence_of(reading.layout, best.found.spot);
  if (again) confidence = std::max(confidence, 0.95);
  if (!again && is_ambiguous(best.found.value)) confidence = std::min(confidence, 0.6);
  // Two numbers, both well announced: a person says which.
  if (values.size() > 1 && values[1].score > best.score - 0.12 && !again)
    confidence = std::min(confidence, 0.55);
  if (best.score < 0.7) confidence = std::min(confidence, 0.7);
  auto& field =
      invoice.set(field_at(reading.layout, "invoice_number", best.found.value, best.found.spot, confidence));
  field.witnessed = again;
}

void read_references(const PaperReading& reading, PaperInvoice& invoice) {
  set_from(reading, invoice, LabelKind::order_number, "order_number");
  set_from(reading, invoice, LabelKind::customer_number, "customer_number");
  set_from(reading, invoice, LabelKind::voucher_number, "voucher_number");
  const auto tax = values_of(reading, LabelKind::tax_number);
  for (const auto& value : tax) {
    const auto digits = std::count_if(value.found.value.begin(), value.found.value.end(),
                                      [](unsigned char c) { return std::isdigit(c) != 0; });
    if (digits < 10 || digits > 13) continue;
    invoice.set(field_at(reading.layout, "seller_tax_number", value.found.value, value.found.spot,
                         std::min(value.score, confidence_of(reading.layout, value.found.spot))));
    break;
  }
}

void read_codes(const PaperReading& reading, PaperInvoice& invoice) {
  const Layout& layout = reading.layout;
  const auto ibans = find_ibans(layout);
  const CodeCandidate* best = nullptr;
  for (const auto& iban : ibans) {
    if (iban.valid &&
        std::find(invoice.ibans.begin(), invoice.ibans.end(), iban.value) == invoice.ibans.end())
      invoice.ibans.push_back(iban.value);
    const auto rank = [](const CodeCandidate& c) { return c.valid && !c.repaired ? 2 : c.valid ? 1 : 0; };
    if (best == nullptr || rank(iban) > rank(*best)) best = &iban;
  }
  if (best != nullptr) {
    auto field = field_at(layout, "iban", best->value, best->spot, best->confidence);
    if (!best->valid) field.confidence = std::min(field.confidence, 0.3);
    if (best->repaired) {
      field.confidence = std::min(field.confidence, 0.6);
      field.source = "computed";
    }
    invoice.set(std::move(field));
  }
  const auto vat_ids = find_vat_ids(layout);
  for (const bool valid : {true, false}) {
    for (const auto& id : vat_ids) {
      if (id.valid == valid) invoice.vat_ids.push_back(id.value);
    }
  }
  for (const auto& id : find_leitweg_ids(layout)) {
    invoice.set(field_at(layout, "buyer_reference", id.value, id.spot, id.confidence));
    break;
  }
  if (invoice.field("buyer_reference") == nullptr)
    set_from(reading, invoice, LabelKind::buyer_reference, "buyer_reference");
  // The seller's VAT id is the one that is not announced within the buyer's address.
  std::size_t buyer_from = layout.words.size(), seller_from = 0;
  bool buyer_named = false;
  for (const Label& label : reading.labels) {
    if (label.kind == LabelKind::buyer && !buyer_named) {
      buyer_from = label.first;
      buyer_named = true;
    }
    if (label.kind == LabelKind::seller) seller_from = label.first;
  }
  const CodeCandidate* seller = nullptr;
  for (const auto& id : vat_ids) {
    const bool in_buyer = buyer_named && id.spot.first > buyer_from && seller_from < buyer_from;
    if (seller == nullptr || (!in_buyer && seller->spot.first > buyer_from && seller_from < buyer_from))
      seller = &id;
  }
  if (seller != nullptr) {
    auto field = field_at(layout, "seller_vat_id", seller->value, seller->spot, seller->confidence);
    if (!seller->valid) field.confidence = std::min(field.confidence, 0.5);
    invoice.set(std::move(field));
  }
  for (const Label& label : reading.labels) {
    if (label.kind != LabelKind::bic) continue;
    for (std::size_t at = label.last + 1; at < layout.words.size() && at < label.last + 200; ++at) {
      if (place_score(layout, label, {at, at}) < 0.6) continue;
      std::string value;
      for (const char c : layout.words[at].text) {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0)
          value += char(std::toupper(static_cast<unsigned char>(c)));
      }
      const bool letters =
          value.size() >= 6 &&
          std::all_of(value.begin(), value.begin() + 6, [](unsigned char c) { return std::isalpha(c) != 0; });
      if (!letters || (value.size() != 8 && value.size() != 11)) continue;
      invoice.set(field_at(layout, "bic", value, {at, at}, layout.words[at].confidence));
      return;
    }
  }
}

}  // namespace mailroom::invoice
