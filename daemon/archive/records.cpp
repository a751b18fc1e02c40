#include "daemon/archive/records.h"

#include "daemon/archive/rows.h"

namespace mailroom::archive {
namespace {

Result<RecordLink> read_link(const Statement& row) {
  return RecordLink{row.text(0), row.text(1), row.text(2)};
}

}  // namespace

Result<void> Records::insert(const std::string& document, const std::vector<RecordLink>& links) {
  int position = 0;
  for (const auto& link : links) {
    MAILROOM_TRY_VOID(changed_one(
        database_.run(
            "INSERT INTO document_record (document, position, kind, key, title) VALUES (?1, ?2, ?3, ?4, ?5)",
            document, ++position, link.kind, link.key, link.title),
        "record"));
  }
  return {};
}

Result<std::vector<RecordLink>> Records::of_document(const std::string& document) const {
  return rows_of<RecordLink>(
      database_.query("SELECT kind, key, title FROM document_record WHERE document = ?1 ORDER BY position",
                      document),
      read_link);
}

Result<std::vector<RecordLink>> Records::vouchers_of_number(const std::string& number) const {
  return rows_of<RecordLink>(
      database_.query(
          "SELECT r.kind, r.key, r.title FROM document_record r JOIN document d ON d.id = r.document "
          "WHERE d.number = ?1 AND r.kind = 'voucher' ORDER BY r.position",
          number),
      read_link);
}

Result<std::vector<std::string>> Records::documents_in(const std::string& kind, const std::string& key,
                                                       int limit) const {
  return rows_of<std::string>(
      database_.query("SELECT d.id FROM document_record r JOIN document d ON d.id = r.document "
                      "WHERE r.kind = ?1 AND r.key = ?2 AND d.state NOT IN ('withdrawn', 'superseded') "
                      "ORDER BY d.id LIMIT ?3",
                      kind, key, limit),
      [](const Statement& row) -> Result<std::string> { return row.text(0); });
}

}  // namespace mailroom::archive
