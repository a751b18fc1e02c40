#include "daemon/archive/invoice_states.h"

#include "daemon/archive/rows.h"

namespace mailroom::archive {
namespace {

// Steps that the contract names (docs/contract.md); others are only part of the timeline.
#define INVOICE_STATES                                                                                        \
  "WITH told AS (SELECT outbox.document, progress.step, progress.text, progress.at, row_number() OVER "       \
  "(PARTITION BY outbox.document ORDER BY progress.at DESC, progress.seq DESC) AS place FROM progress "       \
  "JOIN outbox ON outbox.id = progress.delivery "                                                             \
  "WHERE progress.step IN ('in_approval', 'approved', 'rejected', 'paid')) "                                  \
  "SELECT document.id, document.number, document.state, document.class, document.department, "                \
  "document.received_date, invoice.creditor, invoice.number, invoice.gross, invoice.payable, "                \
  "invoice.due_date, invoice.skonto_date, coalesce(told.step, 'received'), coalesce(told.at, ''), "           \
  "coalesce(told.text, '') FROM invoice JOIN document ON document.id = invoice.document "                     \
  "LEFT JOIN told ON told.document = document.id AND told.place = 1 "                                         \
  "WHERE document.state NOT IN ('withdrawn', 'superseded') "

Result<InvoiceState> read_state(const Statement& row) {
  return InvoiceState{row.text(0), row.text(1),  row.text(2),  row.text(3),  row.text(4),
                      row.text(5), row.text(6),  row.text(7),  row.text(8),  row.text(9),
                      row.text(10), row.text(11), row.text(12), row.text(13), row.text(14)};
}

}  // namespace

Result<std::vector<InvoiceState>> InvoiceStates::latest(int limit) const {
  return rows_of<InvoiceState>(
      database_.query(INVOICE_STATES "ORDER BY document.id DESC LIMIT ?1", limit), read_state);
}

Result<std::vector<InvoiceState>> InvoiceStates::to_be_paid() const {
  return rows_of<InvoiceState>(
      database_.query(INVOICE_STATES
                      "AND (invoice.due_date <> '' OR invoice.skonto_date <> '') "
                      "AND coalesce(told.step, '') NOT IN ('paid', 'rejected') "
                      "ORDER BY iif(invoice.skonto_date <> '', invoice.skonto_date, invoice.due_date)"),
      read_state);
}

Result<InvoiceState> InvoiceStates::find(const std::string& key) const {
  MAILROOM_TRY(auto found, row_of<InvoiceState>(
                               database_.query(INVOICE_STATES
                                               "AND (document.id = ?1 OR document.number = ?1 OR "
                                               "invoice.number = ?1) ORDER BY document.id DESC LIMIT 1",
                                               key),
                               read_state));
  if (!found) return fail(Errc::not_found, "there is no such invoice", {}, "see: mailroomctl invoices");
  return std::move(*found);
}

Result<std::vector<InvoiceStep>> InvoiceStates::timeline(const std::string& document) const {
  return rows_of<InvoiceStep>(
      database_.query(
          "SELECT opened_at AS at, 'mailroom', 'received', '' FROM batch WHERE id = "
          "(SELECT batch FROM document WHERE id = ?1) "
          "UNION ALL SELECT created_at, 'mailroom', 'released', '' FROM document WHERE id = ?1 "
          "UNION ALL SELECT answered_at, recipient, state, record FROM outbox "
          "WHERE document = ?1 AND answered_at <> '' "
          "UNION ALL SELECT progress.at, outbox.recipient, progress.step, progress.text FROM progress "
          "JOIN outbox ON outbox.id = progress.delivery WHERE outbox.document = ?1 "
          "UNION ALL SELECT at, 'mailroom', 'deadline_' || kind || '_' || urgency, '' FROM invoice_deadline "
          "WHERE document = ?1 ORDER BY at",
          document),
      [](const Statement& row) -> Result<InvoiceStep> {
        return InvoiceStep{row.text(0), row.text(1), row.text(2), row.text(3)};
      });
}

Result<ToldDeadline> InvoiceStates::tell(const ToldDeadline& deadline, bool& fresh) {
  MAILROOM_TRY(const int added,
               database_.run("INSERT INTO invoice_deadline (document, kind, urgency, event, at) "
                             "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (document, kind, urgency) DO NOTHING",
                             deadline.document, deadline.kind, deadline.urgency, deadline.event, deadline.at));
  fresh = added == 1;
  MAILROOM_TRY(auto told, row_of<ToldDeadline>(
                              database_.query("SELECT event, document, kind, urgency, at FROM invoice_deadline "
                                              "WHERE document = ?1 AND kind = ?2 AND urgency = ?3",
                                              deadline.document, deadline.kind, deadline.urgency),
                              [](const Statement& row) -> Result<ToldDeadline> {
                                return ToldDeadline{row.text(0), row.text(1), row.text(2), row.text(3),
                                                    row.text(4)};
                              }));
  if (!told) return fail(Errc::corrupt, "a deadline that was entered is not there");
  return std::move(*told);
}

}  // namespace mailroom::archive
