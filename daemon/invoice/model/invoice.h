#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/document/page_report.h"
#include "daemon/invoice/model/decimal.h"

/// The one model of an invoice: the business terms (BT) and business groups (BG) of EN 16931-1:2017, whatever
/// the invoice came as. Reentrant values.
namespace mailroom::invoice {

/// How the invoice was written. The names are persistent (docs/formats/invoice.md).
enum class Syntax {
  ubl_invoice,      ///< OASIS UBL 2.1 Invoice
  ubl_credit_note,  ///< OASIS UBL 2.1 CreditNote
  cii,              ///< UN/CEFACT Cross Industry Invoice D16B
  zugferd_1,        ///< the Cross Industry Document of ZUGFeRD 1.0
  paper,            ///< read from recognised words
  unknown,          ///< no invoice was found
};
std::string_view name_of(
    Syntax syntax);  ///< "UBL-Invoice", "UBL-CreditNote", "CII", "ZF1-CII", "paper", "unknown"
Result<Syntax> syntax_from(std::string_view name);

/// Where on paper a value stands.
struct PaperPlace {
  int page = 0;  ///< 1-based within the document
  Box box;       ///< pixels of the captured image
};

/// One value of a business term. `value` is what the source says, white space around it removed; dates are
/// ISO, amounts decimal strings with a point, indicators "true" or "false".
struct Term {
  int number = 0;  ///< 31 for BT-31; 9001 for BT-DEX-001 of the XRechnung extension
  std::string value;
  std::string scheme = {};     ///< scheme, unit or currency identifier that the source gives with the value
  std::string version = {};    ///< scheme version (BT-158-2), file name (BT-125-2), format of a date
  int line = 0;                ///< line of the XML file, 0 when there is none
  bool spaced = false;         ///< white space stood round the value in the XML
  double confidence = 1;       ///< 0 to 1; 1 for everything that is not recognised from an image
  std::string source = "xml";  ///< "xml", "text", "barcode", "person", "computed"
  std::optional<PaperPlace> place = {};
};

/// A business group with the values and groups inside it, in the order of the source.
struct Group {
  int number = 0;  ///< 25 for BG-25, 9009 for BG-DEX-09; 0 for the invoice itself
  int line = 0;    ///< line of the XML file, 0 when there is none
  std::vector<Term> terms = {};
  std::vector<Group> groups = {};

  /// The first term BT-`number`, or nullptr.
  [[nodiscard]] const Term* term(int bt) const;
  /// Its value, empty when there is none.
  [[nodiscard]] const std::string& value(int bt) const;
  [[nodiscard]] bool has(int bt) const { return term(bt) != nullptr; }
  [[nodiscard]] bool filled(int bt) const { return !value(bt).empty(); }
  /// Its value as a number; nullopt when there is none or it is no decimal.
  [[nodiscard]] std::optional<Decimal> decimal(int bt) const;
  [[nodiscard]] std::vector<const Term*> all_terms(int bt) const;

  [[nodiscard]] const Group* group(int bg) const;
  [[nodiscard]] std::vector<const Group*> all_groups(int bg) const;

  /// The last term BT-`number`, or nullptr.
  [[nodiscard]] Term* last(int bt);
  Term& add(int bt, std::string text);
  Group& open(int bg);  ///< adds a group
  Group& at(int bg);    ///< the first such group, added when there is none
};

/// An invoice as it was read. The groups hang in the tree of EN 16931-1 (terms.h).
struct Invoice {
  Syntax syntax = Syntax::unknown;
  Group root;  ///< BT-1 to BT-24 and the groups of the document

  /// The values of BT-`number` in the whole document, lines (BG-25) left out, in document order.
  [[nodiscard]] std::vector<const Term*> all(int bt) const;
  [[nodiscard]] const Term* first(int bt) const;
  [[nodiscard]] const std::string& value(int bt) const;  ///< of first(), or empty
  [[nodiscard]] std::vector<const Group*> lines() const { return root.all_groups(25); }
  [[nodiscard]] std::size_t line_count() const;

  /// Adds BT-`number` in the group where it belongs, groups on the way included.
  Term& set(int bt, std::string text);
};

}  // namespace mailroom::invoice
