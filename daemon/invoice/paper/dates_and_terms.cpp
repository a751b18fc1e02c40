#include <algorithm>
#include <array>
#include <optional>

#include "daemon/invoice/paper/paper_reading.h"
#include "daemon/invoice/paper/written_values.h"

namespace mailroom::invoice {
namespace {

using K = LabelKind;

constexpr double kSureWitness = 0.85;  ///< confidence of a date that bears another one out

/// What stands right before a date in its sentence, folded.
std::string words_before(const Layout& layout, const Spot& spot, std::size_t count) {
  std::string phrase;
  for (std::size_t i = spot.first;
       i-- > 0 && count > 0 && layout.words[i].row == layout.words[spot.first].row; --count)
    phrase.insert(0, layout.words[i].folded);
  return phrase;
}

bool ends_with(const std::string& text, std::string_view end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

struct Use {
  K kind = K::other_number;
  double score = 0;
};

bool is_date_label(K kind) {
  return kind == K::date || kind == K::other_date || kind == K::delivery_date || kind == K::due_date ||
         kind == K::skonto_date;
}

/// What a date is called: by the words before it, else by the label whose place fits best.
Use use_of(const PaperReading& reading, const DateCandidate& date) {
  const auto before = words_before(reading.layout, date.spot, 7);
  const bool skonto = before.find("skonto") != std::string::npos;
  const bool until = ends_with(before, "bis") || ends_with(before, "biszum") ||
                     ends_with(before, "spaetestens") || ends_with(before, "spaetestensam") ||
                     ends_with(before, "spaetestensbiszum");
  if (until) {
    if (skonto) return {K::skonto_date, 0.95};
    if (before.find("gueltig") != std::string::npos) return {K::other_date, 0.95};
    const bool pay =
        before.find("zahl") != std::string::npos || before.find("ueberw") != std::string::npos ||
        before.find("netto") != std::string::npos || before.find("faellig") != std::string::npos ||
        before.find("betrag") != std::string::npos || before.find("ausgleich") != std::string::npos ||
        before.find("begleich") != std::string::npos || before.find("abzug") != std::string::npos;
    if (pay) return {K::due_date, 0.95};
  }
  const bool from = ends_with(before, "vom") || ends_with(before, "von");
  if (from) {
    for (const auto other : {"bestellung", "auftrag", "angebot", "lieferschein", "vertrag", "taxifahrt",
                             "gemaess", "schreiben", "nachricht"}) {
      if (before.find(other) != std::string::npos) return {K::other_date, 0.9};
    }
    if (before.find("rechnung") != std::string::npos || before.find("gutschrift") != std::string::npos ||
        before.find("nr") != std::string::npos)
      return {K::date, 0.96};
  }
  Use best;
  for (const Label& label : reading.labels) {
    if (!is_date_label(label.kind)) continue;
    const double score = place_score(reading.layout, label, date.spot);
    if (score > best.score) best = {label.kind, score};
  }
  if (best.score >= 0.45) return best;
  // "Marburg, den 5. März 2026"
  if (ends_with(before, "den")) return {K::date, 0.7};
  return {};
}

/// "14 Tage", "30 Tagen": the number before a word for days within the row, from `at` on.
std::optional<int> days_near(const Layout& layout, const TextRow& row, std::size_t from, std::size_t to) {
  for (std::size_t i = from + 1; i < to && i < row.words.size(); ++i) {
    const auto& folded = layout.words[row.words[i]].folded;
    if (folded != "tage" && folded != "tagen" && folded != "days" && folded != "tg" &&
        folded != "kalendertagen")
      continue;
    const auto& number = layout.words[row.words[i - 1]].folded;
    if (!number.empty() && number.size() <= 3 && number.find_first_not_of("0123456789") == std::string::npos)
      return std::stoi(number);
  }
  return std::nullopt;
}

struct TermsOfPayment {
  std::optional<int> due_days;
  std::optional<int> skonto_days;
  std::optional<int> skonto_percent;  ///< hundredths
  Spot due_spot;
  Spot skonto_spot;
};

/// "3 % Skonto innerhalb 10 Tagen", "zahlbar innerhalb von 30 Tagen ohne Abzug".
TermsOfPayment terms_of(const Layout& layout) {
  TermsOfPayment terms;
  for (const TextRow& row : layout.rows) {
    std::size_t skonto = row.words.size();
    for (std::size_t i = 0; i < row.words.size(); ++i) {
      if (layout.words[row.words[i]].folded == "skonto") skonto = i;
    }
    if (skonto < row.words.size()) {
      for (std::size_t i = skonto; i-- > 0 && i + 4 > skonto;) {
        const auto& word = layout.words[row.words[i]].text;
        const bool apart = layout.words[row.words[i + 1]].text.rfind('%', 0) == 0;
        if (const auto percent = read_percent(apart ? word + "%" : word)) {
          terms.skonto_percent = percent;
          terms.skonto_spot = {row.words[i], row.words[i]};
          break;
        }
      }
      terms.skonto_days = days_near(layout, row, skonto, row.words.size());
      if (!terms.skonto_days && skonto >= 2) {
        const std::size_t back = skonto > 8 ? skonto - 8 : 0;
        terms.skonto_days = days_near(layout, row, back, skonto);
      }
    }
    for (std::size_t i = 0; i < row.words.size(); ++i) {
      const auto& folded = layout.words[row.words[i]].folded;
      const bool pay = folded.rfind("zahlbar", 0) == 0 || folded == "zahlungsziel" || folded == "faellig" ||
                       folded == "zahlung" || folded.rfind("ueberweisen", 0) == 0;
      if (!pay || terms.due_days) continue;
      const std::size_t to =
          skonto > i && skonto < row.words.size() && skonto >= 2 ? skonto - 1 : row.words.size();
      terms.due_days = days_near(layout, row, i, to);
      terms.due_spot = {row.words[i], row.words[i]};
    }
  }
  return terms;
}

std::string percent_text(int hundredths) {
  return decimal(hundredths);
}

class DateReader {
 public:
  DateReader(const PaperReading& reading, PaperInvoice& invoice) : reading_(reading), invoice_(invoice) {}

  void read() {
    for (const auto& date : reading_.dates) uses_.push_back(use_of(reading_, date));
    by_anchor("invoice_date");
    if (invoice_.field("invoice_date") == nullptr) invoice_date();
    take(K::delivery_date, "delivery_date");
    take(K::due_date, "due_date");
    take(K::skonto_date, "skonto_date");
    terms();
    for (const auto* name : {"invoice_date", "due_date", "skonto_date"}) find_witness(name);
  }

 private:
  void by_anchor(const char* name) {
    for (const Anchor& anchor : reading_.anchors) {
      if (anchor.field != name) continue;
      const auto spot = follow(reading_.layout, anchor);
      if (!spot) continue;
      for (const auto& date : reading_.dates) {
        if (date.spot.first <= spot->first && spot->first <= date.spot.last)
          invoice_.set(field_at(reading_.layout, name, date.iso, date.spot, date.confidence));
      }
    }
  }

  void take(K kind, const char* name) {
    const DateCandidate* best = nullptr;
    double score = 0;
    for (std::size_t i = 0; i < reading_.dates.size(); ++i) {
      if (uses_[i].kind != kind || uses_[i].score <= score) continue;
      best = &reading_.dates[i];
      score = uses_[i].score;
    }
    if (best != nullptr)
      invoice_.set(field_at(reading_.layout, name, best->iso, best->spot, std::min(best->confidence, score)));
  }

  /// The best labelled one; without a label the first of the first page, which is a guess.
  void invoice_date() {
    const DateCandidate* best = nullptr;
    double score = 0, rival = 0;
    for (std::size_t i = 0; i < reading_.dates.size(); ++i) {
      const auto& date = reading_.dates[i];
      double value = uses_[i].kind == K::date ? uses_[i].score : uses_[i].kind == K::other_number ? 0.3 : 0;
      if (uses_[i].kind == K::other_number && reading_.layout.words[date.spot.first].page > 0) value = 0.1;
      if (best != nullptr && date.iso == best->iso) {
        score = std::min(1.0, score + 0.05);
      } else if (value > score) {
        rival = score;
        score = value;
        best = &date;
      } else {
        rival = std::max(rival, value);
      }
    }
    if (best == nullptr || score == 0) return;
    double confidence = std::min(best->confidence, score >= 0.6 ? 0.97 : 0.5);
    if (score >= 0.6 && rival > score - 0.1) confidence = std::min(confidence, 0.6);
    // The only date of all, or all dates alike: no other one could be meant.
    const bool alone = std::all_of(reading_.dates.begin(), reading_.dates.end(),
                                   [&](const auto& date) { return date.iso == best->iso; });
    const std::size_t free = std::size_t(std::count_if(
        uses_.begin(), uses_.end(), [](const Use& use) { return use.kind == K::other_number; }));
    if (score < 0.6 && (alone || free == 1)) confidence = std::min(best->confidence, 0.86);
    invoice_.set(field_at(reading_.layout, "invoice_date", best->iso, best->spot, confidence));
  }

  /// Another print of the same date, or printed days that lead from one date to the other.
  void find_witness(const std::string& name) {
    const auto* found = invoice_.field(name);
    if (found == nullptr) return;
    const auto prints = std::count_if(reading_.dates.begin(), reading_.dates.end(), [&](const auto& date) {
      return date.iso == found->value && date.confidence >= kSureWitness;
    });
    auto field = *found;
    field.witnessed = prints > 1 || days_agree(name);
    invoice_.set(std::move(field));
  }

  [[nodiscard]] bool days_agree(const std::string& name) const {
    const auto agree = [&](const char* until, std::optional<int> days) {
      const auto* end = invoice_.field(until);
      const auto issued = invoice_.value("invoice_date");
      return end != nullptr && end->source == "text" && end->confidence >= kSureWitness && days &&
             !issued.empty() && day_number(end->value) - day_number(issued) == *days;
    };
    if (name != "skonto_date" && agree("due_date", terms_.due_days)) return true;
    return name != "due_date" && agree("skonto_date", terms_.skonto_days);
  }

  void terms() {
    const auto& terms = terms_ = terms_of(reading_.layout);
    const auto issued = invoice_.value("invoice_date");
    if (terms.skonto_percent) {
      invoice_.set(field_at(reading_.layout, "skonto_percent", percent_text(*terms.skonto_percent),
                            terms.skonto_spot, confidence_of(reading_.layout, terms.skonto_spot)));
      if (invoice_.field("skonto_date") == nullptr && terms.skonto_days && !issued.empty())
        computed("skonto_date", iso_date(day_number(issued) + *terms.skonto_days), terms.skonto_spot);
    }
    if (invoice_.field("due_date") == nullptr && terms.due_days && !issued.empty())
      computed("due_date", iso_date(day_number(issued) + *terms.due_days), terms.due_spot);
  }

  void computed(const char* name, const std::string& value, const Spot& spot) {
    auto field = field_at(reading_.layout, name, value, spot, 0.85);
    field.source = "computed";
    invoice_.set(std::move(field));
  }

  const PaperReading& reading_;
  PaperInvoice& invoice_;
  std::vector<Use> uses_;
  TermsOfPayment terms_;
};

}  // namespace

void read_dates(const PaperReading& reading, PaperInvoice& invoice) {
  DateReader(reading, invoice).read();
}

}  // namespace mailroom::invoice
