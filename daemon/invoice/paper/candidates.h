#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/invoice/paper/labels.h"
#include "daemon/invoice/paper/layout.h"

namespace mailroom::invoice {

/// Words of one row that may be a value, not knowing yet of what.
struct Spot {
  std::size_t first = 0;  ///< index into Layout::words
  std::size_t last = 0;
};

struct AmountCandidate {
  Spot spot;
  std::int64_t cents = 0;
  std::int64_t ten_thousandths = 0;
  int decimals = 0;
  bool currency = false;
  double confidence = 0;
  AmountRole role = AmountRole::none;
  double role_score = 0;         ///< 1: the label stands beside it, less: above it
  std::optional<int> rate = {};  ///< hundredths of a percent, printed in the same row
};

struct DateCandidate {
  Spot spot;
  std::string iso;
  double confidence = 0;
};

/// A code with check digits: IBAN, VAT id, Leitweg-ID, creditor reference.
struct CodeCandidate {
  Spot spot;
  std::string value;  ///< without spaces, upper case
  double confidence = 0;
  bool valid = false;     ///< its check digits hold
  bool repaired = false;  ///< one character was replaced to make them hold
};

std::vector<AmountCandidate> find_amounts(const Layout& layout);
std::vector<DateCandidate> find_dates(const Layout& layout);
std::vector<CodeCandidate> find_ibans(const Layout& layout);
std::vector<CodeCandidate> find_vat_ids(const Layout& layout);
std::vector<CodeCandidate> find_leitweg_ids(const Layout& layout);

/// The box of a spot in pixels of the captured image.
Box box_of(const Layout& layout, const Spot& spot);
double confidence_of(const Layout& layout, const Spot& spot);  ///< of its weakest word
std::string text_of(const Layout& layout, const Spot& spot);

/// How well the place of `value` fits that of `label`: 1 directly to its right, less below or farther
/// away, 0 when it does not belong to it.
double place_score(const Layout& layout, const Label& label, const Spot& value);

}  // namespace mailroom::invoice
