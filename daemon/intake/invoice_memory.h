#pragma once

#include <optional>

#include "daemon/archive/catalogue.h"
#include "daemon/invoice/decision/judge.h"

namespace mailroom::intake {

/// What the catalogue remembers of invoices, as judging asks for it. Keeps the first error: check it
/// before anything that was judged is acted upon. Thread-bound to the catalogue.
class CatalogueInvoiceMemory : public invoice::InvoiceMemory {
 public:
  explicit CatalogueInvoiceMemory(archive::Catalogue& catalogue) : catalogue_(catalogue) {}

  std::vector<invoice::EarlierInvoice> alike(const std::string& number_key, const std::string& gross,
                                             std::uint64_t likeness) const override;
  std::vector<std::string> numbers_of(const std::string& creditor) const override;
  std::vector<invoice::Anchor> anchors_of(const std::string& creditor) const override;
  std::string same_file(const std::string& sha256, const std::string& page) const override;

  std::vector<RecordLink> vouchers_of(const std::string& document) const override;

  [[nodiscard]] Result<void> outcome() const;  ///< the first error of any question

 private:
  template <typename T>
  std::vector<T> kept(Result<std::vector<T>> rows) const {
    if (rows) return std::move(*rows);
    if (!error_) error_ = rows.error();
    return {};
  }

  archive::Catalogue& catalogue_;
  mutable std::optional<Error> error_;
};

}  // namespace mailroom::intake
