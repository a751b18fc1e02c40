#pragma once

#include <string>
#include <vector>

#include "daemon/archive/database.h"
#include "daemon/base/clock.h"

namespace mailroom::archive {

/// Where an invoice stands. The state is the payment system's last word, or "received" before it said one.
struct InvoiceState {
  std::string document;  ///< id
  std::string number;    ///< of the document
  std::string document_state;
  std::string document_class;
  std::string department;
  std::string received;  ///< ISO
  std::string creditor;  ///< id, or empty
  std::string invoice_number;
  std::string gross, payable;         ///< decimal, or empty
  std::string due_date, skonto_date;  ///< ISO, or empty
  std::string state;                  ///< "received", "in_approval", "approved", "rejected", "paid"
  std::string state_at;               ///< RFC 3339, empty while "received"
  std::string state_text;             ///< reason, or the date of payment, as told

  [[nodiscard]] bool is_open() const { return state != "paid" && state != "rejected"; }
};

/// One thing that happened to an invoice.
struct InvoiceStep {
  std::string at;  ///< RFC 3339
  std::string who;   ///< a recipient, or "mailroom"
  std::string step;
  std::string text;
};

/// A deadline that was told; told again under the same event until the invoice is paid or rejected.
struct ToldDeadline {
  std::string event;  ///< UUIDv7, the key to drop duplicates by
  std::string document;
  std::string kind;     ///< "skonto", "due"
  std::string urgency;  ///< "soon", "passed"
  std::string at;
};

/// The states of invoices, made from what the catalogue knows of documents, deliveries and progress, and the
/// table `invoice_deadline`. Thread-bound to the database.
class InvoiceStates {
 public:
  explicit InvoiceStates(Database& database) : database_(database) {}

  /// Latest first; those of withdrawn and superseded documents are left out.
  [[nodiscard]] Result<std::vector<InvoiceState>> latest(int limit) const;
  /// Those with a due date or reduction that are neither paid nor rejected, the earliest date first.
  [[nodiscard]] Result<std::vector<InvoiceState>> to_be_paid() const;
  /// By id or number of the document, or by the number on the invoice; Errc::not_found.
  [[nodiscard]] Result<InvoiceState> find(const std::string& key) const;
  [[nodiscard]] Result<std::vector<InvoiceStep>> timeline(const std::string& document) const;

  /// Enters the deadline unless it was told before; gives the event it has either way.
  Result<ToldDeadline> tell(const ToldDeadline& deadline, bool& fresh);

 private:
  Database& database_;
};

}  // namespace mailroom::archive
