#include "daemon/intake/invoice_memory.h"

namespace mailroom::intake {

std::vector<invoice::EarlierInvoice> CatalogueInvoiceMemory::alike(const std::string& number_key,
                                                                   const std::string& gross,
                                                                   std::uint64_t /*likeness*/) const {
  return kept(catalogue_.invoices().alike(number_key, gross));
}

std::vector<std::string> CatalogueInvoiceMemory::numbers_of(const std::string& creditor) const {
  return kept(catalogue_.invoices().numbers_of(creditor));
}

std::vector<invoice::Anchor> CatalogueInvoiceMemory::anchors_of(const std::string& creditor) const {
  return kept(catalogue_.invoices().anchors_of(creditor));
}

std::vector<RecordLink> CatalogueInvoiceMemory::vouchers_of(const std::string& document) const {
  return kept(catalogue_.records().vouchers_of_number(document));
}

std::string CatalogueInvoiceMemory::same_file(const std::string& sha256, const std::string& page) const {
  auto number = catalogue_.invoices().same_file(sha256, page);
  if (number) return std::move(*number);
  if (!error_) error_ = number.error();
  return {};
}

Result<void> CatalogueInvoiceMemory::outcome() const {
  if (error_) return fail(*error_);
  return {};
}

}  // namespace mailroom::intake
