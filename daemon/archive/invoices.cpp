#include "daemon/archive/invoices.h"

#include "daemon/archive/rows.h"

namespace mailroom::archive {
namespace {

Result<ReceivedFileRow> read_received_file(const Statement& row) {
  return ReceivedFileRow{row.text(0), row.text(1), row.text(2), row.text(3)};
}

}  // namespace

Result<void> Invoices::import(const std::vector<invoice::Creditor>& creditors, Timestamp now) {
  for (const auto& creditor : creditors) {
    MAILROOM_TRY(
        const int changed,
        database_.run(
            "INSERT INTO creditor (id, name, street, postcode, city, vat_id, tax_number, changed_at) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (id) DO UPDATE SET name = ?2, "
            "street = ?3, postcode = ?4, city = ?5, vat_id = ?6, tax_number = ?7, changed_at = ?8",
            creditor.id, creditor.name, creditor.street, creditor.postcode, creditor.city, creditor.vat_id,
            creditor.tax_number, to_rfc3339(now)));
    (void)changed;
    for (const auto& account : creditor.accounts) {
      MAILROOM_TRY(
          const int added,
          database_.run(
              "INSERT INTO creditor_account (creditor, iban, bic, source, added_at) "
              "VALUES (?1, ?2, ?3, 'import', ?4) ON CONFLICT (creditor, iban) DO UPDATE SET bic = ?3",
              creditor.id, account.iban, account.bic, to_rfc3339(now)));
      (void)added;
    }
  }
  return {};
}

Result<void> Invoices::add_account(const std::string& creditor, const std::string& iban,
                                   const std::string& source, Timestamp now) {
  MAILROOM_TRY(const int added,
               database_.run("INSERT INTO creditor_account (creditor, iban, bic, source, added_at) "
                             "VALUES (?1, ?2, '', ?3, ?4) ON CONFLICT (creditor, iban) DO NOTHING",
                             creditor, iban, source, to_rfc3339(now)));
  (void)added;
  return {};
}

Result<std::vector<invoice::Creditor>> Invoices::creditors() const {
  MAILROOM_TRY(auto all, rows_of<invoice::Creditor>(
                             database_.query(
                                 "SELECT id, name, street, postcode, city, vat_id, tax_number FROM creditor "
                                 "ORDER BY id"),
                             [](const Statement& row) -> Result<invoice::Creditor> {
                               return invoice::Creditor{row.text(0), row.text(1), row.text(2), row.text(3),
                                                        row.text(4), row.text(5), row.text(6), {}};
                             }));
  MAILROOM_TRY(auto accounts,
               database_.query("SELECT creditor, iban, bic FROM creditor_account ORDER BY creditor, iban"));
  for (std::size_t at = 0;;) {
    MAILROOM_TRY(const bool more, accounts.next());
    if (!more) return all;
    while (at < all.size() && all[at].id < accounts.text(0)) ++at;
    if (at < all.size() && all[at].id == accounts.text(0))
      all[at].accounts.push_back({accounts.text(1), accounts.text(2)});
  }
}

Result<void> Invoices::learn(const std::string& creditor, const invoice::Anchor& anchor) {
  return changed_one(database_.run("INSERT INTO creditor_anchor (creditor, field, label, dx, dy) "
                                   "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (creditor, field) "
                                   "DO UPDATE SET label = ?3, dx = ?4, dy = ?5",
                                   creditor, anchor.field, anchor.label, anchor.dx, anchor.dy),
                     "anchor");
}

Result<std::vector<invoice::Anchor>> Invoices::anchors_of(const std::string& creditor) const {
  return rows_of<invoice::Anchor>(
      database_.query("SELECT field, label, dx, dy FROM creditor_anchor WHERE creditor = ?1 ORDER BY field",
                      creditor),
      [](const Statement& row) -> Result<invoice::Anchor> {
        return invoice::Anchor{row.text(0), row.text(1), row.real(2), row.real(3)};
      });
}

Result<void> Invoices::insert(const InvoiceRow& row) {
  return changed_one(
      database_.run("INSERT INTO invoice (document, creditor, number, number_key, gross, likeness, payable, "
                    "due_date, skonto_date, model) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                    row.document, row.creditor, row.number, invoice::number_key(row.number), row.gross,
                    std::int64_t(row.likeness), row.payable, row.due_date, row.skonto_date, row.model),
      "invoice");
}

Result<void> Invoices::copy(const std::string& document, const std::string& successor) {
  return any_number(
      database_.run("INSERT INTO invoice (document, creditor, number, number_key, gross, likeness, payable, "
                    "due_date, skonto_date, "
                    "model) SELECT ?2, creditor, number, number_key, gross, likeness, payable, due_date, "
                    "skonto_date, model FROM "
                    "invoice WHERE document = ?1",
                    document, successor));
}

Result<std::string> Invoices::model_of(const std::string& document) const {
  MAILROOM_TRY(auto found,
               row_of<std::string>(database_.query("SELECT model FROM invoice WHERE document = ?1", document),
                                   [](const Statement& row) -> Result<std::string> { return row.text(0); }));
  return found.value_or(std::string());
}

Result<void> Invoices::insert(const ReceivedFileRow& file, Timestamp now) {
  return changed_one(database_.run("INSERT INTO received_file (origin, batch, name, sha256, at) "
                                   "VALUES (?1, ?2, ?3, ?4, ?5)",
                                   file.origin, file.batch, file.name, file.sha256, to_rfc3339(now)),
                     "received file");
}

Result<std::optional<ReceivedFileRow>> Invoices::received(const std::string& origin) const {
  return row_of<ReceivedFileRow>(
      database_.query("SELECT origin, batch, name, sha256 FROM received_file WHERE origin = ?1", origin),
      read_received_file);
}

Result<std::optional<ReceivedFileRow>> Invoices::received_by_batch(const std::string& batch) const {
  return row_of<ReceivedFileRow>(
      database_.query("SELECT origin, batch, name, sha256 FROM received_file WHERE batch = ?1", batch),
      read_received_file);
}

Result<std::string> Invoices::same_file(const std::string& sha256, const std::string& page) const {
  MAILROOM_TRY(
      auto found,
      row_of<std::string>(
          database_.query(
              "SELECT coalesce(document.number, batch.number) FROM received_file "
              "JOIN batch ON batch.id = received_file.batch JOIN page ON page.batch = batch.id "
              "LEFT JOIN document ON document.batch = batch.id AND document.state NOT IN ('withdrawn', "
              "'superseded') WHERE received_file.sha256 = ?1 AND page.id < ?2 AND batch.state <> 'discarded' "
              "AND (document.id IS NOT NULL OR batch.state NOT IN ('released', 'finished')) "
              "ORDER BY page.id LIMIT 1",
              sha256, page),
          [](const Statement& row) -> Result<std::string> { return row.text(0); }));
  return found.value_or(std::string());
}

Result<std::vector<invoice::EarlierInvoice>> Invoices::alike(const std::string& number_key,
                                                             const std::string& gross) const {
  return rows_of<invoice::EarlierInvoice>(
      database_.query(
          "SELECT d.number, i.creditor, i.number, i.gross, i.likeness FROM invoice i "
          "JOIN document d ON d.id = i.document WHERE (i.gross = ?2 OR (?1 <> '' AND i.number_key = ?1)) "
          "AND d.state NOT IN ('withdrawn', 'superseded') ORDER BY i.document DESC LIMIT 200",
          number_key, gross),
      [](const Statement& row) -> Result<invoice::EarlierInvoice> {
        return invoice::EarlierInvoice{row.text(0), row.text(1), row.text(2), row.text(3),
                                       std::uint64_t(row.integer(4))};
      });
}

Result<std::vector<std::string>> Invoices::numbers_of(const std::string& creditor) const {
  return rows_of<std::string>(
      database_.query(
          "SELECT number FROM invoice WHERE creditor = ?1 AND number <> '' ORDER BY document DESC LIMIT 5",
          creditor),
      [](const Statement& row) -> Result<std::string> { return row.text(0); });
}

}  // namespace mailroom::archive
