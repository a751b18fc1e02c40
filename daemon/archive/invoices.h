#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/archive/database.h"
#include "daemon/base/clock.h"
#include "daemon/invoice/decision/judge.h"

namespace mailroom::archive {

/// A row of `invoice`: what is remembered of an invoice that was released.
struct InvoiceRow {
  std::string document;  ///< id
  std::string creditor;  ///< id, or empty
  std::string number;
  std::string gross;  ///< decimal
  std::uint64_t likeness = 0;
  std::string payable = {};      ///< decimal, or empty
  std::string due_date = {};     ///< ISO, or empty
  std::string skonto_date = {};  ///< the same
  std::string model = {};        ///< JSON, docs/formats/invoice.md
};

/// A row of `received_file`: a file that came in by a folder or an upload.
struct ReceivedFileRow {
  std::string origin;  ///< what makes it this one arrival: the same again is no new one
  std::string batch;
  std::string name;  ///< as it was called where it came from
  std::string sha256;
};

/// The tables `creditor`, `creditor_account`, `creditor_anchor`, `invoice` and `received_file`
/// (docs/formats/catalogue.md). Thread-bound to the database.
class Invoices {
 public:
  explicit Invoices(Database& database) : database_(database) {}

  /// Adds or changes the creditors of an import; accounts are added, never taken away, and those who are
  /// not in it stay. Needs an open transaction.
  Result<void> import(const std::vector<invoice::Creditor>& creditors, Timestamp now);
  Result<void> add_account(const std::string& creditor, const std::string& iban, const std::string& source,
                           Timestamp now);
  [[nodiscard]] Result<std::vector<invoice::Creditor>> creditors() const;  ///< by id

  Result<void> learn(const std::string& creditor, const invoice::Anchor& anchor);  ///< replaces the older one
  [[nodiscard]] Result<std::vector<invoice::Anchor>> anchors_of(const std::string& creditor) const;

  Result<void> insert(const InvoiceRow& invoice);
  /// What is remembered of `document` holds for `successor`, which replaces it, as well.
  Result<void> copy(const std::string& document, const std::string& successor);
  [[nodiscard]] Result<std::string> model_of(const std::string& document) const;  ///< empty: there is none

  Result<void> insert(const ReceivedFileRow& file, Timestamp now);
  [[nodiscard]] Result<std::optional<ReceivedFileRow>> received(const std::string& origin) const;
  [[nodiscard]] Result<std::optional<ReceivedFileRow>> received_by_batch(const std::string& batch) const;
  /// The number of a document, or else of a batch that is not discarded, that the same bytes came in before
  /// as the file `page`; empty: none.
  [[nodiscard]] Result<std::string> same_file(const std::string& sha256, const std::string& page) const;
  /// Invoices with this number key or this gross amount, latest first, at most 200; withdrawn and
  /// superseded documents do not count.
  [[nodiscard]] Result<std::vector<invoice::EarlierInvoice>> alike(const std::string& number_key,
                                                                   const std::string& gross) const;
  [[nodiscard]] Result<std::vector<std::string>> numbers_of(
      const std::string& creditor) const;  ///< latest five

 private:
  Database& database_;
};

}  // namespace mailroom::archive
