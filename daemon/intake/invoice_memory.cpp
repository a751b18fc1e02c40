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

Result<void> CatalogueInvoiceMemory::outcome() const {
  if (error_) return fail(*error_);
  return {};
}

}  // namespace mailroom::intake
