#pragma once

#include <memory>
#include <string>
#include <vector>

#include "drivers/card/eid/terminal.h"
#include "drivers/virtual/card/authority/cv_authority.h"
#include "drivers/virtual/card/eid/eid_card.h"

namespace mailroom::test {

/// A key of a terminal in memory, for tests that are not about its HSM.
class MemoryKey final : public card::TerminalKey {
 public:
  explicit MemoryKey(const card::CurveKey& key) : key_(key) {}
  Result<Bytes> sign(ByteView message) override { return card::curve::sign(key_, message); }

 private:
  const card::CurveKey& key_;
};

/// One terminal's certificates, with the keys to them.
struct TerminalPapers {
  card::CvParty verifier;
  card::CvParty terminal;
  Bytes description;
};

/// How the papers of a terminal shall be made; what a test leaves alone is right.
struct PaperWishes {
  card::Rights rights = {};
  int verifier_from = -30, verifier_until = 60;  ///< days from today
  int terminal_from = -1, terminal_until = 1;
  bool with_sector = true;
};

/// Authorities of a country of our own: who signs cards and who certifies terminals.
class TestCountry {
 public:
  TestCountry();

  [[nodiscard]] TerminalPapers issue(const PaperWishes& wishes) const;
  [[nodiscard]] TerminalPapers issue(const PaperWishes& wishes, const card::CvParty& anchor) const;

  /// A terminal of these papers. They and the key outlive it.
  [[nodiscard]] card::Terminal terminal(card::ReadingMode mode, const TerminalPapers& papers,
                                        card::TerminalKey& key) const;

  /// An identity card of Erika Mustermann.
  [[nodiscard]] card::Personalisation personalise() const;

  Timestamp now;
  card::CardMaker maker;
  card::CurveKey sector;
  card::CvParty anchor;
};

/// Reading everything a kiosk or counter of ours may ask for.
card::Rights kiosk_rights();
card::Rights counter_rights();

/// A CVCA with all rights.
card::CvParty found_cvca(const std::string& holder, Timestamp now, int until_days = 1000);

}  // namespace mailroom::test
