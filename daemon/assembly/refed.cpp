#include "daemon/assembly/refed.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace mailroom::assembly {
namespace {

constexpr auto kNone = std::size_t(-1);
constexpr std::size_t kCandidates = 4;  // earlier sheets that one sheet is compared with
constexpr std::size_t kBeyond =
    8;  // sheets after the last one that was fed again in which others are looked for
constexpr std::size_t kEnoughWords = 12;
constexpr double kWordsAlike = 0.6;  // rescans of one page share more
constexpr double kSizeSlack = 6;     // mm
constexpr double kClearInk = 0.002;  // share of a page that is not empty in any scan

using Sheet = std::vector<const PageFacts*>;  // its sides

double share_of_words(const PageReport& one, const PageReport& other) {
  std::vector<std::string> left, right, common;
  for (const auto& word : one.words) left.push_back(word.text);
  for (const auto& word : other.words) right.push_back(word.text);
  if (std::min(left.size(), right.size()) < kEnoughWords) return 1;
  std::sort(left.begin(), left.end());
  std::sort(right.begin(), right.end());
  std::set_intersection(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(common));
  return double(common.size()) / double(std::max(left.size(), right.size()));
}

bool same_size(const PageReport& one, const PageReport& other) {
  const double per_mm = std::max(one.dpi, 1) / 25.4;
  return std::abs(one.width - other.width) <= kSizeSlack * per_mm &&
         std::abs(one.height - other.height) <= kSizeSlack * per_mm;
}

/// What the pictures say about two sheets, as far as they were compared.
class Pictures {
 public:
  explicit Pictures(const BatchFacts& batch) {
    for (const auto& known : batch.likenesses) known_[{known.page, known.other}] = known.likeness.alike;
  }

  /// How much speaks for one sheet before any picture is compared; nullopt: they are two.
  [[nodiscard]] static std::optional<double> resemblance(const Sheet& later, const Sheet& earlier) {
    if (later.size() != earlier.size()) return std::nullopt;
    double words = 1;
    for (std::size_t i = 0; i < later.size(); ++i) {
      if (later[i]->sha256 == earlier[i]->sha256 || !later[i]->report || !earlier[i]->report) continue;
      const PageReport &one = *later[i]->report, &other = *earlier[i]->report;
      const bool one_empty = one.blank != other.blank && std::max(one.ink, other.ink) > kClearInk;
      const double share = share_of_words(one, other);
      if (one_empty || !same_size(one, other) || share < kWordsAlike) return std::nullopt;
      words = std::min(words, share);
    }
    return words;
  }

  /// nullopt: not compared yet; `missing` gets what is.
  std::optional<Alike> alike(const Sheet& later, const Sheet& earlier,
                             std::vector<PagePair>* missing = nullptr) const {
    if (!resemblance(later, earlier)) return Alike::different;
    Alike all = Alike::nothing;
    bool known = true;
    for (std::size_t i = 0; i < later.size(); ++i) {
      const auto side = alike_sides(*later[i], *earlier[i]);
      if (!side && missing != nullptr) missing->push_back({later[i]->id, earlier[i]->id});
      known = known && side;
      if (side) all = worse(all, *side);
    }
    if (all == Alike::different) return all;
    return known ? std::optional(all) : std::nullopt;
  }

 private:
  [[nodiscard]] std::optional<Alike> alike_sides(const PageFacts& later, const PageFacts& earlier) const {
    if (later.sha256 == earlier.sha256 && !later.sha256.empty()) {
      return later.report && later.report->blank ? Alike::nothing : Alike::same;
    }
    if (!later.report || !earlier.report) return Alike::doubtful;
    if (later.report->blank && earlier.report->blank) return Alike::nothing;
    const auto found = known_.find({later.id, earlier.id});
    return found == known_.end() ? std::nullopt : std::optional(found->second);
  }

  /// Of two sides: an empty one says nothing against the other, a difference all against it.
  static Alike worse(Alike one, Alike other) {
    const auto rank = [](Alike alike) {
      switch (alike) {
        case Alike::nothing: return 0;
        case Alike::same: return 1;
        case Alike::doubtful: return 2;
        case Alike::different: return 3;
      }
      return 3;
    };
    return rank(one) > rank(other) ? one : other;
  }

  std::map<std::pair<std::string, std::string>, Alike> known_;
};

/// The earlier sheets that a later one may be, the likeliest first.
std::vector<std::size_t> candidates(const Sheet& later, const std::vector<Sheet>& earlier,
                                    std::size_t expected) {
  std::vector<std::pair<double, std::size_t>> found;
  for (std::size_t i = 0; i < earlier.size(); ++i) {
    const auto words = Pictures::resemblance(later, earlier[i]);
    // Among equals the sheets near the fault are likelier.
    if (words) found.emplace_back((expected == i ? 2 : *words) + 1e-6 * double(i), i);
  }
  std::sort(found.rbegin(), found.rend());
  std::vector<std::size_t> chosen;
  for (const auto& [likely, i] : found) chosen.push_back(i);
  return chosen;
}

/// Some sheets of a resumed feed that follow earlier ones in their order.
struct Run {
  std::size_t first = 0;  ///< of the earlier sheets
  std::size_t length = 0;
  bool certain = true;    ///< the pictures leave no doubt
  bool pictured = false;  ///< one of its sheets shows something
  bool same = false;      ///< one of them surely the same
};

/// What a resumed feed has in common with the sheets before it.
class Resumed {
 public:
  Resumed(const Pictures& pictures, std::vector<Sheet> earlier, std::vector<Sheet> later)
      : pictures_(pictures), earlier_(std::move(earlier)), later_(std::move(later)) {}

  [[nodiscard]] std::vector<PagePair> missing() const {
    std::vector<PagePair> pairs;
    std::size_t last_alike = 0;
    std::size_t expected = kNone;
    for (std::size_t i = 0; i < later_.size() && i <= last_alike + kBeyond; ++i) {
      const auto likely = candidates(later_[i], earlier_, expected);
      expected = kNone;
      for (std::size_t n = 0; n < likely.size() && n < kCandidates; ++n) {
        const auto alike = pictures_.alike(later_[i], earlier_[likely[n]], &pairs);
        if (alike != Alike::same && alike != Alike::doubtful && alike != Alike::nothing) continue;
        last_alike = i;
        if (expected == kNone) expected = likely[n] + 1;
      }
    }
    return pairs;
  }

  /// The run that the feed begins with: the longest one that goes on to the last earlier sheet, or to the end
  /// of a feed that was cut off.
  [[nodiscard]] std::optional<Run> leading_run() const {
    std::optional<Run> best;
    bool several = false;
    for (std::size_t first = 0; first < earlier_.size(); ++first) {
      const auto run = run_from(first);
      if (!run) continue;
      several = several || best;
      if (!best || run->length > best->length) best = run;
    }
    if (best) best->certain = best->certain && !several && has_unique_sheet(*best);
    return best;
  }

  /// Earlier sheets that `later_[index]` pictures, surely or perhaps.
  [[nodiscard]] std::vector<std::pair<std::size_t, Alike>> alike_to(std::size_t index) const {
    std::vector<std::pair<std::size_t, Alike>> found;
    for (const std::size_t i : candidates(later_[index], earlier_, kNone)) {
      const auto alike = pictures_.alike(later_[index], earlier_[i]);
      if (alike == Alike::same || alike == Alike::doubtful) found.emplace_back(i, *alike);
    }
    return found;
  }

 private:
  [[nodiscard]] std::optional<Run> run_from(std::size_t first) const {
    Run run{first};
    while (run.length < later_.size() && first + run.length < earlier_.size()) {
      const auto alike = pictures_.alike(later_[run.length], earlier_[first + run.length]);
      if (alike == Alike::different || !alike) return std::nullopt;
      run.certain = run.certain && alike != Alike::doubtful;
      run.pictured = run.pictured || alike != Alike::nothing;
      run.same = run.same || alike == Alike::same;
      ++run.length;
    }
    if (!run.pictured) return std::nullopt;
    return run;
  }

  [[nodiscard]] bool has_unique_sheet(const Run& run) const {
    for (std::size_t i = 0; i < run.length; ++i) {
      const auto likely = candidates(later_[i], earlier_, run.first + i);
      if (likely.size() > kCandidates) continue;
      const auto alike = alike_to(i);
      if (alike.size() == 1 && alike.front().second == Alike::same) return true;
    }
    return false;
  }

  const Pictures& pictures_;
  std::vector<Sheet> earlier_;
  std::vector<Sheet> later_;
};

Sheet pages_of(const SheetReading& sheet) {
  Sheet pages;
  for (const auto& side : sheet.sides) pages.push_back(side.page);
  return pages;
}

/// The first sheets of all feeds but the first, with the end of each feed.
struct Stretch {
  int first = 0;
  int end = 0;
  int stated_from = 0;
};

std::vector<Stretch> resumed_feeds(const BatchFacts& batch) {
  std::vector<Stretch> stretches;
  for (std::size_t i = 1; i < batch.feeds.size(); ++i) {
    const int first = batch.feeds[i].first_sheet;
    const int end = i + 1 < batch.feeds.size() ? batch.feeds[i + 1].first_sheet : batch.sheets_fed + 1;
    if (first > 1 && end > first) stretches.push_back({first, end, batch.feeds[i].stated_from});
  }
  return stretches;
}

std::string numbers(int first, int last) {
  return first == last ? std::to_string(first) : std::to_string(first) + "-" + std::to_string(last);
}

void set_aside(SheetReading& sheet) {
  sheet.refed = true;
  sheet.act.reset();
  for (auto& side : sheet.sides) {
    side.role = PageRole::copy;
    side.act.reset();
  }
}

/// The sheets that lie on the table: declared, or by a count sheet.
std::optional<int> paper_of(const BatchFacts& batch, const std::vector<SheetReading>& sheets) {
  if (batch.declared) return batch.declared;
  for (const auto& sheet : sheets) {
    if (sheet.act && sheet.act->count > 0) return sheet.act->count;
  }
  return std::nullopt;
}

/// The resumed feeds of a batch, one after the other.
class Settling {
 public:
  /// `closes`: the sum of the sheets closes without those that the pictures leave no doubt about. nullopt:
  /// only find out which those are, and ask nothing.
  Settling(const BatchFacts& batch, std::vector<SheetReading>& sheets, Findings& findings,
           std::optional<bool> closes)
      : sheets_(sheets), findings_(findings), closes_(closes), pictures_(batch) {}

  void settle(const Stretch& stretch) {
    earlier_.clear();
    later_.clear();
    for (auto& sheet : sheets_) {
      if (sheet.sheet < stretch.first && !sheet.refed) earlier_.push_back(&sheet);
      if (sheet.sheet >= stretch.first && sheet.sheet < stretch.end) later_.push_back(&sheet);
    }
    const Resumed resumed(pictures_, sheets_of(earlier_), sheets_of(later_));
    const auto run = resumed.leading_run();
    if (run) settle_run(*run, stretch);
    if (!closes_) return;
    if (!run && stretch.stated_from > 0 && stretch.stated_from < stretch.first) ask_what_was_stated(stretch);
    std::size_t last_alike = run ? run->length : 0;
    for (std::size_t i = last_alike; i < later_.size() && i <= last_alike + kBeyond; ++i) {
      if (ask_about(resumed, i)) last_alike = i;
    }
  }

 private:
  static std::vector<Sheet> sheets_of(const std::vector<SheetReading*>& readings) {
    std::vector<Sheet> sheets;
    for (const auto* reading : readings) sheets.push_back(pages_of(*reading));
    return sheets;
  }

  void settle_run(const Run& run, const Stretch& stretch) {
    const bool stated = stretch.stated_from == earlier_[run.first]->sheet;
    const bool sure = run.certain && (stated || closes_.value_or(true));
    const std::string answer = answer_about(run, sure);
    if (answer != "treat_as_copy" && answer != "treat_as_note") return;
    for (std::size_t i = 0; i < run.length; ++i) {
      const bool note =
          answer == "treat_as_note" &&
          pictures_.alike(pages_of(*later_[i]), pages_of(*earlier_[run.first + i])) == Alike::doubtful;
      note ? keep_as_note(*later_[i]) : set_aside(*later_[i]);
    }
  }

  /// What is done with a run: as a person said, else a copy when it is `sure`, else it is asked about, once
  /// for all its sheets. The kind of the answer, empty when there is none.
  std::string answer_about(const Run& run, bool sure) {
    std::vector<std::string> subjects;
    std::vector<Evidence> evidence;
    for (std::size_t i = 0; i < run.length; ++i) {
      subjects.push_back(later_[i]->sides.front().page->id);
      evidence.push_back({subjects.back()});
      evidence.push_back({earlier_[run.first + i]->sides.front().page->id});
    }
    const auto last = run.length - 1;
    const auto question = make_clarification(
        "sheets_fed_again", subjects, evidence,
        {{"sheet", numbers(later_.front()->sheet, later_[last]->sheet)},
         {"other", numbers(earlier_[run.first]->sheet, earlier_[run.first + last]->sheet)}});
    const bool answered = findings_.answer_to(question) != nullptr;
    if (sure && !answered) return "treat_as_copy";
    if (!run.same && is_settled() && !answered) return {};
    return answer_to(question);
  }

  /// The sum closes with all that is doubtful as further paper: then a picture that differs in a place is
  /// another paper.
  [[nodiscard]] bool is_settled() const { return closes_.value_or(false); }

  std::string answer_to(const Clarification& question) {
    const auto* answer = closes_ ? findings_.ask(question) : findings_.answer_to(question);
    return answer == nullptr ? std::string() : answer->kind;
  }

  /// A sheet that looks like one before and stands out of order. True when there is such a one.
  bool ask_about(const Resumed& resumed, std::size_t index) {
    SheetReading& sheet = *later_[index];
    const auto alike = resumed.alike_to(index);
    if (sheet.act || alike.empty()) return false;
    if (alike.front().second == Alike::doubtful && is_settled()) return false;
    const SheetReading& other = *earlier_[alike.front().first];
    const std::string page = sheet.sides.front().page->id, other_page = other.sides.front().page->id;
    const auto answer = answer_to(
        make_clarification("sheets_fed_again", {page, other_page}, {{page}, {other_page}},
                           {{"sheet", std::to_string(sheet.sheet)}, {"other", std::to_string(other.sheet)}}));
    if (answer == "treat_as_copy") set_aside(sheet);
    if (answer == "treat_as_note") keep_as_note(sheet);
    return true;
  }

  void ask_what_was_stated(const Stretch& stretch) {
    findings_.ask(make_clarification(
        "not_fed_again", {"sheet " + std::to_string(stretch.first)}, {},
        {{"sheet", std::to_string(stretch.first)}, {"from", std::to_string(stretch.stated_from)}}));
  }

  /// The same paper with and without what was stuck on it: both pictures stay in the document.
  static void keep_as_note(SheetReading& sheet) {
    sheet.refed = true;
    for (auto& side : sheet.sides) side.role = side.role == PageRole::blank ? PageRole::copy : PageRole::note;
  }

  std::vector<SheetReading>& sheets_;
  Findings& findings_;
  std::optional<bool> closes_;
  Pictures pictures_;
  std::vector<SheetReading*> earlier_, later_;
};

void settle_all(Settling settling, const BatchFacts& batch) {
  for (const Stretch& stretch : resumed_feeds(batch)) settling.settle(stretch);
}

}  // namespace

std::vector<PagePair> pairs_to_compare(const BatchFacts& batch, const std::vector<PageFacts>& pages) {
  std::map<int, Sheet> by_number;
  for (const auto& page : pages) by_number[page.sheet].push_back(&page);
  for (auto& [number, sheet] : by_number) {
    std::sort(sheet.begin(), sheet.end(), [](const auto* a, const auto* b) { return a->side < b->side; });
  }
  const Pictures pictures(batch);
  std::vector<PagePair> pairs;
  for (const Stretch& stretch : resumed_feeds(batch)) {
    std::vector<Sheet> earlier, later;
    for (const auto& [number, sheet] : by_number) {
      if (number < stretch.first) earlier.push_back(sheet);
      if (number >= stretch.first && number < stretch.end) later.push_back(sheet);
    }
    const auto missing = Resumed(pictures, std::move(earlier), std::move(later)).missing();
    pairs.insert(pairs.end(), missing.begin(), missing.end());
  }
  return pairs;
}

void find_refed(const BatchFacts& batch, std::vector<SheetReading>& sheets, Findings& findings) {
  auto tried = sheets;
  settle_all(Settling(batch, tried, findings, std::nullopt), batch);
  const auto refed = std::count_if(tried.begin(), tried.end(), [](const auto& sheet) { return sheet.refed; });
  const bool closes = paper_of(batch, sheets) == batch.sheets_fed - int(refed);
  settle_all(Settling(batch, sheets, findings, closes), batch);
}

}  // namespace mailroom::assembly
