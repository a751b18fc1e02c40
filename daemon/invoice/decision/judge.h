#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/document/terms.h"
#include "daemon/invoice/check_digits.h"
#include "daemon/invoice/creditors/creditor.h"
#include "daemon/invoice/paper/paper_invoice.h"

namespace mailroom::invoice {

/// An invoice that came before, paper or electronic.
struct EarlierInvoice {
  std::string document;  ///< its short number, "26-00001-3"
  std::string creditor;  ///< id, or empty
  std::string number;
  std::string gross;           ///< decimal
  std::uint64_t likeness = 0;  ///< likeness_of() its words; 0: not known
};

/// What the house remembers about invoices. Implemented over the catalogue.
class InvoiceMemory {
 public:
  virtual ~InvoiceMemory() = default;
  /// All with the same number_key() or the same gross amount and `creditor`, or a likeness close by.
  [[nodiscard]] virtual std::vector<EarlierInvoice> alike(const std::string& number_key,
                                                          const std::string& gross,
                                                          std::uint64_t likeness) const = 0;
  /// Some of the numbers that this creditor's invoices had, latest first.
  [[nodiscard]] virtual std::vector<std::string> numbers_of(const std::string& creditor) const = 0;
  [[nodiscard]] virtual std::vector<Anchor> anchors_of(const std::string& creditor) const = 0;
  /// The number of the document or batch that the same file came in before, or empty. `page`: its own id.
  [[nodiscard]] virtual std::string same_file(const std::string& /*sha256*/,
                                              const std::string& /*page*/) const {
    return {};
  }
  /// The records of vouchers that an earlier invoice belongs to. `document`: its short number.
  [[nodiscard]] virtual std::vector<RecordLink> vouchers_of(const std::string& /*document*/) const {
    return {};
  }
};

/// A number without what recognition and people vary: large letters and digits, O as 0, I and L as 1.
std::string number_key(std::string_view number);

/// A fingerprint of the words of a document; pictures of the same paper differ in few of its bits.
std::uint64_t likeness_of(const PaperInvoice& invoice);
bool alike(std::uint64_t one, std::uint64_t other);

/// What persons have said about this invoice so far.
struct PersonsSay {
  std::map<std::string, std::string> fields;  ///< name -> value, checked by check_field()
  std::string creditor;                       ///< id, or empty
  std::set<std::string> confirmed;            ///< reasons of doubts that were confirmed
};

/// The ground rules of the house.
struct InvoiceRules {
  std::vector<std::string> buyers;                  ///< names of the legal entities that may be billed
  VoucherCheck voucher_check = VoucherCheck::none;  ///< of the house's Kassenzeichen
};

/// Where to look on the paper.
struct DoubtfulPlace {
  std::string page;
  Box box;
  std::string field = {};  ///< whose value stands there, or empty
};

/// Why a person is needed. `reason` is one of the catalogue of clarifications.
struct Doubt {
  std::string reason;
  std::vector<std::string> subjects;          ///< besides the pages: what the answer is bound to
  std::map<std::string, std::string> values;  ///< what to show: field -> proposed value, and the like
  std::vector<DoubtfulPlace> evidence;
};

struct Judgement {
  std::vector<Doubt> doubts;       ///< empty: the invoice passes without a person
  std::vector<PaperField> fields;  ///< what may be delivered: read with certainty or said by a person
  std::string creditor;            ///< id, empty when not known
  MatchedBy matched_by = MatchedBy::nothing;
};

/// Decides whether an invoice passes or what has to be asked: it passes only when the arithmetic closes,
/// the check digits hold, the creditor is known, the buyer is ours and nothing alike came before. Pure.
/// `received`: ISO date of receipt, empty when not known.
Judgement judge(const PaperInvoice& invoice, const PersonsSay& persons, const InvoiceRules& rules,
                const CreditorBook& book, const InvoiceMemory& memory, const std::string& received);

/// The same of an invoice that the house writes itself: one of `rules.buyers` is the seller, the arithmetic
/// closes, its number was never used. Pure.
Judgement judge_outgoing(const PaperInvoice& invoice, const PersonsSay& persons, const InvoiceRules& rules,
                         const InvoiceMemory& memory);

/// Whether a person's value is of the form its field needs: Errc::invalid_input says what is.
Result<void> check_field(const std::string& name, const std::string& value);

}  // namespace mailroom::invoice
