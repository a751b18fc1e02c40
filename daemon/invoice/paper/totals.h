#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "daemon/invoice/paper/candidates.h"

namespace mailroom::invoice {

/// An amount as it was settled on.
struct SolvedAmount {
  std::int64_t cents = 0;
  std::optional<Spot> spot = {};  ///< empty: computed from the others
  double confidence = 0;
  bool corrected = false;  ///< the sums overruled what was recognised
};

/// One rate of value added tax.
struct SolvedRate {
  int rate = 0;  ///< hundredths of a percent
  SolvedAmount net;
  SolvedAmount vat;
};

/// The amounts of an invoice, chosen together.
struct Totals {
  std::optional<SolvedAmount> net;
  std::optional<SolvedAmount> vat;
  std::optional<SolvedAmount> gross;
  std::optional<SolvedAmount> prepaid;
  std::optional<SolvedAmount> payable;
  std::vector<SolvedRate> rates;
  bool sums_close =
      false;  ///< net + VAT = gross with what is printed, prepayment and payable amount included
  bool rates_close = false;   ///< each VAT is its net times a printed rate, and they add up
  bool contradicted = false;  ///< an amount that is called a total says something else
  bool printed = false;       ///< net, VAT and gross all stand on the paper
};

/// What the words say about the rates.
struct RateWords {
  std::vector<int> rates;  ///< hundredths of a percent, printed somewhere
  bool exempt = false;     ///< "steuerfrei", "Reverse Charge", "Kleinunternehmer": no VAT is right
};
RateWords find_rates(const Layout& layout);

/// Chooses net, VAT and gross among the amounts so that the sums and rates close; when none do, one
/// confusable digit of one total may be replaced (`corrected`). `known_gross`: what a payment code says.
Totals solve_totals(const Layout& layout, const std::vector<AmountCandidate>& amounts, const RateWords& words,
                    std::optional<std::int64_t> known_gross);

}  // namespace mailroom::invoice
