#include "daemon/invoice/paper/totals.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>

#include "daemon/invoice/paper/written_values.h"

namespace mailroom::invoice {
namespace {

constexpr std::size_t kTotalsAtMost = 160;  ///< amounts looked at: the named ones and the last ones
constexpr int kRoundingCents = 1;

/// Half away from zero, as accountants round.
std::int64_t tax_on(std::int64_t net, int rate) {
  const std::int64_t product = net * rate;
  return product >= 0 ? (product + 5000) / 10000 : -((-product + 5000) / 10000);
}

struct Line {
  const AmountCandidate* net = nullptr;
  const AmountCandidate* vat = nullptr;  ///< nullptr with a rate of 0
  int rate = 0;
  double score = 0;

  [[nodiscard]] std::int64_t tax() const { return vat == nullptr ? 0 : vat->cents; }
  [[nodiscard]] std::int64_t sum() const { return net->cents + tax(); }
};

struct Solution {
  std::vector<Line> lines;
  const AmountCandidate* gross = nullptr;
  double score = 0;
};

double as(const AmountCandidate& amount, AmountRole role) {
  return amount.role == role ? amount.role_score : 0;
}

double as_total(const AmountCandidate& amount) {
  return std::max(as(amount, AmountRole::gross), 0.8 * as(amount, AmountRole::payable));
}

class Solver {
 public:
  Solver(const Layout& layout, const std::vector<AmountCandidate>& amounts, const RateWords& words,
         std::optional<std::int64_t> known_gross)
      : layout_(layout), words_(words), known_gross_(known_gross) {
    for (std::size_t i = 0; i < amounts.size(); ++i) {
      const bool late = i + kTotalsAtMost / 2 >= amounts.size();
      if (amounts[i].decimals == 2 &&
          (amounts[i].role != AmountRole::none || late || amounts.size() < kTotalsAtMost))
        amounts_.push_back(&amounts[i]);
    }
    if (amounts_.size() > kTotalsAtMost)
      amounts_.erase(amounts_.begin(), amounts_.end() - std::ptrdiff_t(kTotalsAtMost));
    gather_lines();
  }

  Totals solve() {
    consider_single_lines();
    consider_two_lines();
    consider_exemption();
    if (best_.gross != nullptr) return from_rates();
    if (auto totals = from_sums()) return *totals;
    if (auto totals = corrected()) return *totals;
    if (auto totals = gross_with_rate()) return *totals;
    return what_is_named();
  }

 private:
  static bool confused(std::int64_t read, std::int64_t meant);
  std::size_t row_of(const AmountCandidate& amount) const { return layout_.words[amount.spot.first].row; }

  /// All pairs of a net amount and the tax on it.
  void gather_lines() {
    for (const auto* net : amounts_) {
      for (const int rate : words_.rates) {
        if (rate == 0) continue;
        const auto tax = tax_on(net->cents, rate);
        if (net->cents <= 0 || tax == 0) continue;
        for (const auto* vat : amounts_) {
          if (vat == net || std::llabs(vat->cents - tax) > kRoundingCents) continue;
          lines_.push_back({net, vat, rate, line_score(*net, *vat, rate)});
        }
      }
    }
    std::stable_sort(lines_.begin(), lines_.end(),
                     [](const auto& a, const auto& b) { return a.score > b.score; });
    if (lines_.size() > 60) lines_.resize(60);
  }

  double line_score(const AmountCandidate& net, const AmountCandidate& vat, int rate) const {
    double score = 0.5 * std::max(as(net, AmountRole::net), 0.6 * as(net, AmountRole::vat)) +
                   0.7 * as(vat, AmountRole::vat);
    if (row_of(net) == row_of(vat)) score += 0.4;
    if (net.rate == rate) score += 0.2;
    if (vat.rate == rate) score += 0.4;
    if (as_total(net) > 0.5) score -= 0.3;
    if (as_total(vat) > 0.5 || as(vat, AmountRole::net) > 0.5) score -= 0.4;
    if (vat.cents == tax_on(net.cents, rate)) score += 0.1;
    return score;
  }

  double gross_score(const AmountCandidate& gross) const {
    double score = as_total(gross);
    if (as(gross, AmountRole::net) > 0 || as(gross, AmountRole::vat) > 0) score -= 0.7;
    if (known_gross_ == gross.cents) score += 0.5;
    return score;
  }

  void consider(Solution solution) {
    std::int64_t net = 0, vat = 0;
    for (const auto& line : solution.lines) {
      net += line.net->cents;
      vat += line.tax();
      solution.score += line.score / double(solution.lines.size());
    }
    for (const auto* amount : amounts_) {
      if (amount->cents == net && as(*amount, AmountRole::net) > 0.5) solution.score += 0.25;
      if (amount->cents == vat && as(*amount, AmountRole::vat) > 0.5) solution.score += 0.25;
    }
    solution.score += gross_score(*solution.gross) + 0.3 * double(solution.lines.size() - 1);
    if (solution.score > best_.score + 1e-9) best_ = std::move(solution);
  }

  void consider_single_lines() {
    for (const Line& line : lines_) {
      for (const auto* gross : amounts_) {
        if (gross != line.net && gross != line.vat && gross->cents == line.sum())
          consider({{line}, gross, 0});
      }
    }
  }

  /// Two rates, or one and a part without tax.
  void consider_two_lines() {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      for (const auto* gross : amounts_) {
        const auto rest = gross->cents - lines_[i].sum();
        if (rest <= 0) continue;
        for (std::size_t j = i + 1; j < lines_.size(); ++j) {
          if (lines_[j].rate == lines_[i].rate || lines_[j].net == lines_[i].net) continue;
          if (lines_[j].sum() == rest) consider({{lines_[i], lines_[j]}, gross, 0});
          if (lines_[j].sum() < rest) consider_three(i, j, *gross, rest - lines_[j].sum());
        }
        consider_untaxed(lines_[i], *gross, rest);
      }
    }
  }

  void consider_three(std::size_t i, std::size_t j, const AmountCandidate& gross, std::int64_t rest) {
    if (lines_.size() > 30) return;
    for (std::size_t k = j + 1; k < lines_.size(); ++k) {
      if (lines_[k].sum() != rest || lines_[k].rate == lines_[i].rate || lines_[k].rate == lines_[j].rate)
        continue;
      consider({{lines_[i], lines_[j], lines_[k]}, &gross, 0});
    }
  }

  void consider_untaxed(const Line& line, const AmountCandidate& gross, std::int64_t rest) {
    const bool zero = std::find(words_.rates.begin(), words_.rates.end(), 0) != words_.rates.end();
    if (!zero && !words_.exempt) return;
    for (const auto* net : amounts_) {
      if (net->cents == rest && net != line.net && net != line.vat && net != &gross && net->rate == 0)
        consider({{line, {net, nullptr, 0, 0.3}}, &gross, 0});
    }
  }

  void consider_exemption() {
    if (!words_.exempt) return;
    for (const auto* gross : amounts_) {
      if (as_total(*gross) > 0.5 && gross->cents > 0) consider({{{gross, nullptr, 0, 0.2}}, gross, 0.1});
    }
  }

  SolvedAmount solved(const AmountCandidate* amount) const {
    return {amount->cents, amount->spot, amount->confidence, false};
  }

  /// The printed amount of that value, the best named one first.
  SolvedAmount printed_or_computed(std::int64_t cents, AmountRole role) const {
    const AmountCandidate* found = nullptr;
    for (const auto* amount : amounts_) {
      if (amount->cents == cents && as(*amount, role) > (found == nullptr ? 0.01 : as(*found, role)))
        found = amount;
    }
    return found != nullptr ? solved(found) : SolvedAmount{cents, {}, 0.9, false};
  }

  Totals from_rates() {
    Totals totals;
    std::int64_t net = 0, vat = 0;
    for (const Line& line : best_.lines) {
      SolvedRate rate{line.rate, solved(line.net), {}};
      rate.vat = line.vat != nullptr ? solved(line.vat) : SolvedAmount{0, {}, 0.9, false};
      net += line.net->cents;
      vat += line.tax();
      totals.rates.push_back(rate);
    }
    const bool single = best_.lines.size() == 1;
    totals.net = single ? totals.rates.front().net : printed_or_computed(net, AmountRole::net);
    totals.vat = single ? totals.rates.front().vat : printed_or_computed(vat, AmountRole::vat);
    totals.gross = solved(best_.gross);
    totals.rates_close = totals.sums_close = true;
    totals.printed = as_total(*best_.gross) > 0.5;
    settle_payment(totals);
    return totals;
  }

  /// Named net, VAT and gross that add up, without a rate that explains them.
  std::optional<Totals> from_sums() {
    double best = 0;
    Totals totals;
    for (const auto* net : amounts_) {
      for (const auto* vat : amounts_) {
        if (as(*net, AmountRole::net) < 0.5 || as(*vat, AmountRole::vat) < 0.5) continue;
        for (const auto* gross : amounts_) {
          const double score = as_total(*gross) + net->role_score + vat->role_score;
          if (gross->cents != net->cents + vat->cents || as_total(*gross) < 0.5 || score <= best) continue;
          best = score;
          totals.net = solved(net);
          totals.vat = solved(vat);
          totals.gross = solved(gross);
        }
      }
    }
    if (best == 0) return std::nullopt;
    totals.sums_close = totals.printed = true;
    settle_payment(totals);
    return totals;
  }

  /// Two of net, VAT and gross fix the third: where the third is printed with one digit that is easily
  /// taken for another, the sum is right and the recogniser wrong.
  std::optional<Totals> corrected() {
    for (const auto* net : amounts_) {
      for (const int rate : words_.rates) {
        if (as(*net, AmountRole::net) < 0.5 || net->cents <= 0) continue;
        const auto tax = tax_on(net->cents, rate);
        for (const auto* gross : amounts_) {
          if (as_total(*gross) < 0.5) continue;
          if (gross->cents == net->cents + tax) {
            if (auto totals = with_vat_corrected(*net, *gross, rate, tax)) return totals;
          } else if (confused(gross->cents, net->cents + tax)) {
            if (auto totals = with_gross_corrected(*net, *gross, rate, tax)) return totals;
          }
        }
      }
    }
    return with_net_corrected();
  }

  std::optional<Totals> with_vat_corrected(const AmountCandidate& net, const AmountCandidate& gross, int rate,
                                           std::int64_t tax) {
    for (const auto* vat : amounts_) {
      if (as(*vat, AmountRole::vat) > 0.5 && confused(vat->cents, tax))
        return repaired(net, *vat, gross, rate, tax);
    }
    return std::nullopt;
  }
  std::optional<Totals> with_gross_corrected(const AmountCandidate& net, const AmountCandidate& gross,
                                             int rate, std::int64_t tax) {
    for (const auto* vat : amounts_) {
      if (as(*vat, AmountRole::vat) > 0.5 && vat->cents == tax) return repaired(net, *vat, gross, rate, tax);
    }
    return std::nullopt;
  }
  std::optional<Totals> with_net_corrected() {
    for (const auto* vat : amounts_) {
      for (const auto* gross : amounts_) {
        if (as(*vat, AmountRole::vat) < 0.5 || as_total(*gross) < 0.5) continue;
        const auto net_meant = gross->cents - vat->cents;
        for (const int rate : words_.rates) {
          if (net_meant <= 0 || tax_on(net_meant, rate) != vat->cents) continue;
          for (const auto* net : amounts_) {
            if (as(*net, AmountRole::net) < 0.5 || !confused(net->cents, net_meant)) continue;
            auto fixed = *net;
            fixed.cents = net_meant;
            auto totals = repaired(fixed, *vat, *gross, rate, vat->cents);
            totals.net->corrected = totals.rates.front().net.corrected = true;
            return totals;
          }
        }
      }
    }
    return std::nullopt;
  }

  Totals repaired(const AmountCandidate& net, const AmountCandidate& vat, const AmountCandidate& gross,
                  int rate, std::int64_t tax) {
    Totals totals;
    totals.net = solved(&net);
    totals.vat = solved(&vat);
    totals.gross = solved(&gross);
    totals.vat->corrected = vat.cents != tax;
    totals.vat->cents = tax;
    totals.gross->corrected = gross.cents != net.cents + tax;
    totals.gross->cents = net.cents + tax;
    totals.rates.push_back({rate, *totals.net, *totals.vat});
    totals.sums_close = totals.rates_close = true;
    settle_payment(totals);
    return totals;
  }

  /// Small invoices: "Gesamt 18,08, darin 7 % MwSt 1,18".
  std::optional<Totals> gross_with_rate() {
    const auto* gross = best_named(AmountRole::gross, AmountRole::payable);
    if (gross == nullptr || gross->cents <= 0 || words_.rates.size() != 1 || words_.rates[0] == 0)
      return std::nullopt;
    const int rate = words_.rates[0];
    const auto net = std::int64_t(std::llround(double(gross->cents) * 10000 / (10000 + rate)));
    Totals totals;
    totals.gross = solved(gross);
    totals.net = SolvedAmount{net, {}, 0.8, false};
    totals.vat = SolvedAmount{gross->cents - net, {}, 0.8, false};
    for (const auto* vat : amounts_) {
      if (as(*vat, AmountRole::vat) < 0.5 || std::llabs(vat->cents - totals.vat->cents) > kRoundingCents)
        continue;
      totals.vat = solved(vat);
      totals.net->cents = gross->cents - vat->cents;
      totals.sums_close = totals.rates_close = true;
    }
    totals.rates.push_back({rate, *totals.net, *totals.vat});
    settle_payment(totals);
    return totals;
  }

  const AmountCandidate* best_named(AmountRole role, AmountRole other = AmountRole::none) const {
    const AmountCandidate* found = nullptr;
    for (const auto* amount : amounts_) {
      const double score =
          std::max(as(*amount, role), other == AmountRole::none ? 0 : 0.9 * as(*amount, other));
      const double so_far =
          found == nullptr
              ? 0.01
              : std::max(as(*found, role), other == AmountRole::none ? 0 : 0.9 * as(*found, other));
      if (score >= so_far && amount->cents != 0) found = amount;  // the last one named so
    }
    return found;
  }

  Totals what_is_named() {
    Totals totals;
    if (const auto* net = best_named(AmountRole::net)) totals.net = solved(net);
    if (const auto* vat = best_named(AmountRole::vat)) totals.vat = solved(vat);
    if (const auto* gross = best_named(AmountRole::gross, AmountRole::payable)) totals.gross = solved(gross);
    for (auto* amount : {&totals.net, &totals.vat, &totals.gross}) {
      if (*amount) (*amount)->confidence *= 0.5;
    }
    totals.contradicted = true;
    return totals;
  }

  /// Prepayment, what is left to pay, and totals that say something else.
  void settle_payment(Totals& totals) {
    const auto gross = totals.gross->cents;
    for (const auto* amount : amounts_) {
      if (amount->role == AmountRole::prepaid && amount->role_score > 0.5 && amount->cents != 0)
        totals.prepaid = SolvedAmount{std::llabs(amount->cents), amount->spot, amount->confidence, false};
    }
    const auto due = gross - (totals.prepaid ? totals.prepaid->cents : 0);
    for (const auto* amount : amounts_) {
      if (as(*amount, AmountRole::payable) < 0.5 || amount->cents == 0) continue;
      if (amount->cents == due || (amount->cents == gross && !totals.payable))
        totals.payable = solved(amount);
    }
    if (!totals.payable)
      totals.payable = SolvedAmount{due, {}, totals.gross->confidence, totals.gross->corrected};
    if (totals.payable->cents != due) totals.contradicted = true;
    for (const auto* amount : amounts_) {
      if (contradicts(*amount, totals)) totals.contradicted = true;
    }
  }

  /// A total beside its name, larger than the one chosen or not explained by it.
  bool contradicts(const AmountCandidate& amount, const Totals& totals) const {
    if (amount.role_score < 1 || amount.cents == 0) return false;
    if (amount.role == AmountRole::payable)
      return amount.cents != totals.payable->cents && amount.cents != totals.gross->cents;
    if (amount.role != AmountRole::gross) return false;
    const auto& spot = totals.gross->spot;
    if (spot && amount.spot.first == spot->first) return false;
    return amount.cents > totals.gross->cents;
  }

  const Layout& layout_;
  const RateWords& words_;
  std::optional<std::int64_t> known_gross_;
  std::vector<const AmountCandidate*> amounts_;
  std::vector<Line> lines_;
  Solution best_{{}, nullptr, 0.6};
};

bool Solver::confused(std::int64_t read, std::int64_t meant) {
  static const std::set<std::string> kPairs = {"08", "80", "06", "60", "09", "90", "17", "71", "14", "41",
                                               "27", "72", "38", "83", "35", "53", "39", "93", "49", "94",
                                               "56", "65", "58", "85", "68", "86", "96", "69", "89", "98"};
  const auto a = std::to_string(read), b = std::to_string(meant);
  if (a.size() != b.size() || a == b) return false;
  std::string difference;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] == b[i]) continue;
    if (!difference.empty()) return false;
    difference = {a[i], b[i]};
  }
  return kPairs.count(difference) != 0;
}

}  // namespace

RateWords find_rates(const Layout& layout) {
  RateWords found;
  const auto add = [&](int rate) {
    if (rate >= 0 && rate <= 27'00 &&
        std::find(found.rates.begin(), found.rates.end(), rate) == found.rates.end())
      found.rates.push_back(rate);
  };
  bool tax_column = false;
  for (std::size_t i = 0; i < layout.words.size(); ++i) {
    const auto& word = layout.words[i];
    const bool sign_follows = i + 1 < layout.words.size() && layout.words[i + 1].row == word.row &&
                              layout.words[i + 1].text.rfind('%', 0) == 0;
    if (const auto rate = read_percent(sign_follows ? word.text + "%" : word.text)) add(*rate);
    tax_column = tax_column || word.text.find('%') != std::string::npos;
    const auto& f = word.folded;
    found.exempt = found.exempt || f.find("steuerfrei") != std::string::npos || f == "kleinunternehmer" ||
                   f.find("kleinunternehmerregelung") != std::string::npos || f == "steuerschuldnerschaft" ||
                   f.find("umsatzsteuerbefreit") != std::string::npos || f == "reversecharge";
    if (f == "reverse" && i + 1 < layout.words.size() && layout.words[i + 1].folded == "charge")
      found.exempt = true;
    if (f == "kein" && i + 1 < layout.words.size() && layout.words[i + 1].folded == "umsatzsteuerausweis")
      found.exempt = true;
  }
  // Columns headed "USt. %" print the rate without its sign.
  for (const auto& word : layout.words) {
    if (tax_column && (word.text == "19" || word.text == "7" || word.text == "19,00" || word.text == "7,00"))
      add(word.text[0] == '1' ? 19'00 : 7'00);
  }
  return found;
}

Totals solve_totals(const Layout& layout, const std::vector<AmountCandidate>& amounts, const RateWords& words,
                    std::optional<std::int64_t> known_gross) {
  return Solver(layout, amounts, words, known_gross).solve();
}

}  // namespace mailroom::invoice
