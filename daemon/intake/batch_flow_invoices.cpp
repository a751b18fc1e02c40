#include "daemon/base/log.h"
#include "daemon/intake/batch_flow.h"

namespace mailroom::intake {

using nlohmann::json;

Result<const invoice::CreditorBook*> BatchFlow::creditors() {
  if (!creditors_) {
    MAILROOM_TRY(auto all, rooms_.catalogue.invoices().creditors());
    creditors_.emplace(std::move(all));
  }
  return &*creditors_;
}

Result<std::size_t> BatchFlow::import_creditors(std::string_view csv, const std::string& person,
                                                const std::string& caller) {
  if (person.empty()) return fail(Errc::invalid_input, "an import needs a person");
  MAILROOM_TRY(const auto creditors, invoice::creditors_from_csv(csv));
  MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
  MAILROOM_TRY_VOID(rooms_.catalogue.invoices().import(creditors, rooms_.clock.now()));
  MAILROOM_TRY_VOID(audit(transaction, "operator:" + person, "creditors.imported", {"creditors"},
                          {{"creditors", std::int64_t(creditors.size())}, {"caller", caller}}));
  MAILROOM_TRY_VOID(transaction.commit());
  creditors_.reset();
  log::notice("creditors imported");
  // What waits only for its creditor may go on.
  MAILROOM_TRY(const auto held, rooms_.catalogue.batches().in_state(BatchState::held));
  for (const auto& batch : held) MAILROOM_TRY_VOID(assemble(batch.id));
  return creditors.size();
}

Result<void> BatchFlow::remember_invoice(const assembly::AssembledInvoice& invoice,
                                         const std::string& document) {
  auto invoices = rooms_.catalogue.invoices();
  MAILROOM_TRY_VOID(
      invoices.insert({document, invoice.creditor, invoice.number, invoice.gross, invoice.likeness}));
  if (invoice.creditor.empty()) return {};
  for (const auto& anchor : invoice.anchors) MAILROOM_TRY_VOID(invoices.learn(invoice.creditor, anchor));
  if (invoice.new_iban.empty()) return {};
  MAILROOM_TRY_VOID(
      invoices.add_account(invoice.creditor, invoice.new_iban, "document:" + document, rooms_.clock.now()));
  creditors_.reset();
  return {};
}

}  // namespace mailroom::intake
