#include <algorithm>
#include <cstdlib>

#include "daemon/invoice/paper/paper_reading.h"
#include "daemon/invoice/paper/written_values.h"

namespace mailroom::invoice {
namespace {

constexpr std::size_t kLinesAtMost = 10'000;

/// Heads of columns: at least three of them make a table of items.
bool is_head(const std::string& folded) {
  for (const auto word : {"menge",           "anzahl",       "einzelpreis", "nettopreis",
                          "preis",           "epreis",       "gesamtpreis", "betrag",
                          "gesamt",          "gesamtbetrag", "nettobetrag", "bezeichnung",
                          "beschreibung",    "leistung",     "artikel",     "artikelbeschreibung",
                          "produkt",         "pos",          "position",    "nr",
                          "einheit",         "steuersatz",   "ust",         "mwst",
                          "positionsbetrag", "summe",        "quantity",    "description",
                          "price",           "amount",       "qty",         "total"}) {
    if (folded == word) return true;
  }
  return false;
}

std::size_t row_of_heads(const Layout& layout, std::size_t from) {
  for (std::size_t row = from; row < layout.rows.size(); ++row) {
    std::size_t heads = 0;
    for (const auto index : layout.rows[row].words) heads += is_head(layout.words[index].folded) ? 1 : 0;
    if (heads >= 3) return row;
  }
  return layout.rows.size();
}

std::string quantity_of(const Layout& layout, const TextRow& row, std::int64_t amount,
                        std::int64_t unit_price) {
  for (const auto index : row.words) {
    const auto number = read_amount(layout.words[index].text);
    if (!number || number->value <= 0) continue;
    // Both count ten-thousandths; the product is rounded to cents.
    const double product = double(number->value) * double(unit_price) / 1e4;
    if (std::abs(product - double(amount)) <= 100) return layout.words[index].text;
  }
  return {};
}

std::string words_of(const Layout& layout, const TextRow& row) {
  std::string text;
  for (const auto index : row.words) {
    const auto& word = layout.words[index];
    const bool letters = word.folded.find_first_of("abcdefghijklmnopqrstuvwxyz") != std::string::npos;
    if (letters && word.folded != "eur" && word.folded != "euro")
      text += (text.empty() ? "" : " ") + word.text;
  }
  return text;
}

}  // namespace

void read_lines(const PaperReading& reading, PaperInvoice& invoice) {
  const Layout& layout = reading.layout;
  const std::size_t heads = row_of_heads(layout, 0);
  if (heads == layout.rows.size() || !invoice.totals.net) return;
  std::vector<PaperLine> lines;
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < reading.amounts.size() && lines.size() < kLinesAtMost;) {
    const std::size_t row = layout.words[reading.amounts[i].spot.first].row;
    std::size_t end = i;
    while (end < reading.amounts.size() && layout.words[reading.amounts[end].spot.first].row == row) ++end;
    const auto& last = reading.amounts[end - 1];
    if (row > heads && last.decimals == 2 && end - i >= 2) {
      const auto& price = reading.amounts[end - 2];
      const auto quantity =
          quantity_of(layout, layout.rows[row], last.ten_thousandths, price.ten_thousandths);
      if (!quantity.empty()) {
        lines.push_back({std::to_string(lines.size() + 1), words_of(layout, layout.rows[row]), quantity,
                         decimal(price.cents), decimal(last.cents)});
        sum += last.cents;
      }
    }
    i = end;
  }
  const bool closes =
      sum == invoice.totals.net->cents || (invoice.totals.gross && sum == invoice.totals.gross->cents);
  if (closes) invoice.lines = std::move(lines);
}

void read_starts(const PaperReading& reading, PaperInvoice& invoice) {
  const Layout& layout = reading.layout;
  std::string first_number;
  for (std::size_t page = 0; page < layout.pages.size(); ++page) {
    std::string number;
    bool first_sheet = false;
    double best = 0;
    for (const Label& label : reading.labels) {
      if (layout.words[label.first].page != page) continue;
      if (label.kind == LabelKind::other_number && layout.words[label.first].folded == "seite" &&
          label.last + 1 < layout.words.size())
        first_sheet = first_sheet || layout.words[label.last + 1].folded == "1" ||
                      layout.words[label.last + 1].text.rfind("1/", 0) == 0;
      if (label.kind != LabelKind::number) continue;
      for (std::size_t at = label.last + 1; at < layout.words.size() && at < label.last + 12; ++at) {
        const auto& text = layout.words[at].text;
        const double score = place_score(layout, label, {at, at});
        if (score > best && score > 0.6 && text.find_first_of("0123456789") != std::string::npos &&
            !read_date(text)) {
          best = score;
          number = layout.words[at].folded;
        }
      }
    }
    if (number.empty()) continue;
    if (first_number.empty()) {
      first_number = number;
    } else if (number != first_number && page > 0) {
      invoice.starts.push_back(layout.pages[page]);
      first_number = number;
    }
    (void)first_sheet;
  }
}

}  // namespace mailroom::invoice
