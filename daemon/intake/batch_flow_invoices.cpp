#include <algorithm>

#include "daemon/base/log.h"
#include "daemon/base/uuid.h"
#include "daemon/delivery/deadline_event.h"
#include "daemon/intake/batch_flow.h"
#include "daemon/intake/local_day.h"

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
  MAILROOM_TRY_VOID(invoices.insert({document, invoice.creditor, invoice.number, invoice.gross,
                                     invoice.likeness, invoice.payable, invoice.due_date, invoice.skonto_date,
                                     invoice.model.is_null() ? "" : invoice.model.dump()}));
  if (invoice.creditor.empty()) return {};
  for (const auto& anchor : invoice.anchors) MAILROOM_TRY_VOID(invoices.learn(invoice.creditor, anchor));
  if (invoice.new_iban.empty()) return {};
  MAILROOM_TRY_VOID(
      invoices.add_account(invoice.creditor, invoice.new_iban, "document:" + document, rooms_.clock.now()));
  creditors_.reset();
  return {};
}

Result<std::vector<OpenDeadline>> BatchFlow::open_deadlines() {
  MAILROOM_TRY(const auto open, rooms_.catalogue.invoice_states().to_be_paid());
  const invoice::PayDays pay_days(rooms_.configuration.holidays);
  const std::string today = local_day(rooms_.clock.now());
  std::vector<OpenDeadline> all;
  for (const auto& invoice : open) {
    const auto its_class = rooms_.configuration.classes.find(invoice.document_class);
    if (its_class == rooms_.configuration.classes.end() || its_class->second.reading != Reading::invoice)
      continue;
    for (const auto& deadline : invoice::deadlines_of(invoice.skonto_date, invoice.due_date, today,
                                                      rooms_.configuration.deadline_days, pay_days))
      all.push_back({invoice, deadline});
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& one, const auto& other) {
    return one.deadline.pay_by < other.deadline.pay_by;
  });
  return all;
}

Result<void> BatchFlow::tell_deadlines() {
  MAILROOM_TRY(const auto open, rooms_.catalogue.invoice_states().to_be_paid());
  const std::string today = local_day(rooms_.clock.now());
  std::vector<std::pair<std::string, std::string>> events;  // recipient and text
  MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
  for (const auto& invoice : open) MAILROOM_TRY_VOID(tell_deadlines_of(transaction, invoice, today, events));
  MAILROOM_TRY_VOID(transaction.commit());
  told_on_ = today;
  for (const auto& [recipient, text] : events) {
    if (requests_.tell) requests_.tell(recipient, text);
  }
  if (!events.empty()) requests_.changed();
  return {};
}

Result<void> BatchFlow::tell_deadlines_of(archive::Transaction& transaction,
                                          const archive::InvoiceState& invoice, const std::string& today,
                                          std::vector<std::pair<std::string, std::string>>& events) {
  const auto its_class = rooms_.configuration.classes.find(invoice.document_class);
  if (its_class == rooms_.configuration.classes.end() || its_class->second.reading != Reading::invoice)
    return {};
  const invoice::PayDays pay_days(rooms_.configuration.holidays);
  const auto deadlines = invoice::deadlines_of(invoice.skonto_date, invoice.due_date, today,
                                               rooms_.configuration.deadline_days, pay_days);
  for (const auto& deadline : deadlines) {
    if (deadline.urgency == invoice::Urgency::later) continue;
    const std::string urgency(invoice::name_of(deadline.urgency));
    bool fresh = false;
    MAILROOM_TRY(const auto told, rooms_.catalogue.invoice_states().tell(
                                      {new_uuid(rooms_.clock), invoice.document, deadline.kind, urgency,
                                       to_rfc3339(rooms_.clock.now())},
                                      fresh));
    if (fresh) {
      MAILROOM_TRY_VOID(audit(transaction, "daemon", "invoice.deadline", {invoice.document},
                              {{"kind", deadline.kind}, {"urgency", urgency}, {"date", deadline.date}}));
    } else if (told_on_ == today) {
      continue;
    }
    MAILROOM_TRY(const auto deliveries, rooms_.catalogue.deliveries().of_document(invoice.document));
    for (const auto& delivery : deliveries) {
      const auto recipient = rooms_.configuration.recipients.find(delivery.recipient);
      const bool wanted = recipient != rooms_.configuration.recipients.end() && recipient->second.deadlines;
      if (!wanted || its_class->second.confidentiality == Confidentiality::high) continue;
      events.emplace_back(
          delivery.recipient,
          delivery::deadline_event({told.event, rooms_.configuration.site, rooms_.node, told.at, delivery.id,
                                    invoice.number, invoice.invoice_number, invoice.payable, deadline.kind,
                                    urgency, deadline.date, deadline.pay_by}));
    }
  }
  return {};
}

}  // namespace mailroom::intake
