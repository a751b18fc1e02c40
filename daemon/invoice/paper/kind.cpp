#include <algorithm>
#include <array>

#include "daemon/invoice/paper/paper_reading.h"

namespace mailroom::invoice {
namespace {

struct Title {
  std::string_view folded;
  PaperKind kind;
};

/// Words that name a document when they stand as its title.
constexpr std::array kTitles = {
    Title{"rechnung", PaperKind::invoice},
    Title{"handelsrechnung", PaperKind::invoice},
    Title{"invoice", PaperKind::invoice},
    Title{"schlussrechnung", PaperKind::invoice},
    Title{"teilrechnung", PaperKind::invoice},
    Title{"abschlagsrechnung", PaperKind::invoice},
    Title{"sammelrechnung", PaperKind::invoice},
    Title{"jahresrechnung", PaperKind::invoice},
    Title{"honorarrechnung", PaperKind::invoice},
    Title{"rechnungsnummer", PaperKind::invoice},
    Title{"rechnungsnr", PaperKind::invoice},
    Title{"quittung", PaperKind::invoice},
    Title{"gutschrift", PaperKind::credit_note},
    Title{"stornorechnung", PaperKind::credit_note},
    Title{"rechnungskorrektur", PaperKind::credit_note},
    Title{"korrekturrechnung", PaperKind::credit_note},
    Title{"storno", PaperKind::credit_note},
    Title{"creditnote", PaperKind::credit_note},
    Title{"mahnung", PaperKind::reminder},
    Title{"zahlungserinnerung", PaperKind::reminder},
    Title{"zahlungsaufforderung", PaperKind::reminder},
    Title{"mahnbescheid", PaperKind::reminder},
    Title{"reminder", PaperKind::reminder},
    Title{"letztemahnung", PaperKind::reminder},
    Title{"angebot", PaperKind::offer},
    Title{"kostenvoranschlag", PaperKind::offer},
    Title{"offerte", PaperKind::offer},
    Title{"quotation", PaperKind::offer},
    Title{"offer", PaperKind::offer},
    Title{"lieferschein", PaperKind::delivery_note},
    Title{"packschein", PaperKind::delivery_note},
    Title{"packliste", PaperKind::delivery_note},
    Title{"deliverynote", PaperKind::delivery_note},
    Title{"auftragsbestaetigung", PaperKind::order_confirmation},
    Title{"bestellbestaetigung", PaperKind::order_confirmation},
    Title{"orderconfirmation", PaperKind::order_confirmation},
    Title{"proformarechnung", PaperKind::order_confirmation},
    Title{"proforma", PaperKind::order_confirmation},
    Title{"kontoauszug", PaperKind::statement},
    Title{"saldenbestaetigung", PaperKind::statement},
    Title{"saldenliste", PaperKind::statement},
    Title{"kontostand", PaperKind::statement},
    Title{"offeneposten", PaperKind::statement},
    Title{"sonderangebot", PaperKind::advertisement},
    Title{"werbung", PaperKind::advertisement},
    Title{"gewinnspiel", PaperKind::advertisement},
    Title{"aktionspreis", PaperKind::advertisement},
    Title{"aktionspreise", PaperKind::advertisement},
    Title{"prospekt", PaperKind::advertisement},
};

bool is_ordinal(const std::string& folded) {
  return folded.size() <= 2 && folded.find_first_not_of("0123456789") == std::string::npos;
}

/// How much a word at its place looks like the title of the page: near the top, large, at the
/// beginning of a short row.
double as_title(const Layout& layout, const PlacedWord& word, const TextRow& row, double page_bottom) {
  const auto& first = layout.words[row.words.front()];
  double score = 0;
  if (word.height() > 1.25 * layout.letter_height) score += 1;
  if (row.words.size() <= 8) score += 0.5;
  const bool begins =
      &first == &word || is_ordinal(first.folded) || first.folded == "letzte" || first.folded == "ihre";
  if (begins) score += 0.5;
  if (word.top > 0.62 * page_bottom) score -= 1;
  return score;
}

}  // namespace

std::string_view name_of(PaperKind kind) {
  switch (kind) {
    case PaperKind::invoice: return "invoice";
    case PaperKind::credit_note: return "credit_note";
    case PaperKind::reminder: return "reminder";
    case PaperKind::offer: return "offer";
    case PaperKind::delivery_note: return "delivery_note";
    case PaperKind::order_confirmation: return "order_confirmation";
    case PaperKind::statement: return "statement";
    case PaperKind::advertisement: return "advertisement";
    case PaperKind::unknown: break;
  }
  return "unknown";
}

void read_kind(const PaperReading& reading, PaperInvoice& invoice) {
  const Layout& layout = reading.layout;
  std::array<double, 9> scores{};
  double bottom = 297;
  for (const TextRow& row : layout.rows) {
    if (row.page != 0) break;
    bottom = std::max(bottom, row.bottom);
  }
  for (const TextRow& row : layout.rows) {
    if (row.page != 0) break;
    for (std::size_t i = 0; i < row.words.size(); ++i) {
      const auto& word = layout.words[row.words[i]];
      const std::string pair =
          word.folded + (i + 1 < row.words.size() ? layout.words[row.words[i + 1]].folded : "");
      for (const Title& title : kTitles) {
        if (word.folded != title.folded && pair != title.folded && !nearly_equal(word.folded, title.folded))
          continue;
        auto& score = scores[std::size_t(title.kind)];
        score = std::max(score, as_title(layout, word, row, bottom));
      }
    }
  }
  // An offer may speak of an invoice, a reminder always does: what an invoice is not weighs more.
  const double as_invoice = scores[std::size_t(PaperKind::invoice)];
  PaperKind other = PaperKind::unknown;
  for (std::size_t i = 1; i < scores.size(); ++i) {
    if (scores[i] >= 1 && (other == PaperKind::unknown || scores[i] > scores[std::size_t(other)]))
      other = PaperKind(i);
  }
  if (other != PaperKind::unknown && scores[std::size_t(other)] + 0.5 >= as_invoice) {
    invoice.kind = other;
    invoice.kind_confidence = scores[std::size_t(other)] > as_invoice ? 0.95 : 0.7;
  } else if (as_invoice > 0.4) {
    invoice.kind = PaperKind::invoice;
    invoice.kind_confidence = as_invoice >= 1 && other == PaperKind::unknown ? 0.97 : 0.8;
  }
}

}  // namespace mailroom::invoice
