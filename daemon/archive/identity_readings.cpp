#include "daemon/archive/identity_readings.h"

#include "daemon/archive/rows.h"

namespace mailroom::archive {
namespace {

#define READING_COLUMNS                                                                              \
  "id, matter, recipient, mode, assurance, kind, read_at, terminal, certificate_digest, pseudonym, " \
  "record_digest, sealed_digest, staff"

Result<IdentityReading> read_reading(const Statement& row) {
  return IdentityReading{row.text(0),  row.text(1),  row.text(2), row.text(3), row.text(4),
                         row.text(5),  row.text(6),  row.text(7), row.text(8), row.text(9),
                         row.text(10), row.text(11), row.text(12)};
}

}  // namespace

Result<void> IdentityReadings::insert(const IdentityReading& reading) {
  return changed_one(
      database_.run("INSERT INTO identity_reading (" READING_COLUMNS
                    ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
                    reading.id, reading.matter, reading.recipient, reading.mode, reading.assurance,
                    reading.kind, reading.read_at, reading.terminal, reading.certificate_digest,
                    reading.pseudonym, reading.record_digest, reading.sealed_digest, reading.staff),
      "reading");
}

Result<std::optional<IdentityReading>> IdentityReadings::find(const std::string& id) const {
  return row_of<IdentityReading>(
      database_.query("SELECT " READING_COLUMNS " FROM identity_reading WHERE id = ?1", id), read_reading);
}

Result<std::vector<IdentityReading>> IdentityReadings::of_matter(const std::string& matter) const {
  return rows_of<IdentityReading>(
      database_.query("SELECT " READING_COLUMNS " FROM identity_reading WHERE matter = ?1 ORDER BY read_at",
                      matter),
      read_reading);
}

}  // namespace mailroom::archive
