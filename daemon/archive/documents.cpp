#include "daemon/archive/documents.h"

#include "daemon/archive/rows.h"

namespace mailroom::archive {
namespace {

using nlohmann::json;

#define DOCUMENT_COLUMNS                                                                             \
  "id, batch, key, number, state, class, department, priority, received_date, channel, "             \
  "originals, confidentiality, fields, reference, supersedes, created_at, sealed_at, receipted_at, " \
  "remarks, "                                                                                        \
  "confirmed_by, checked_by"

json fields_json(const std::vector<IndexField>& fields) {
  json list = json::array();
  for (const IndexField& field : fields) {
    list.push_back({{"name", field.name},
                    {"value", field.value},
                    {"confidence", field.confidence},
                    {"source", field.source},
                    {"page", field.page}});
  }
  return list;
}

Result<std::vector<IndexField>> fields_from(const std::string& text) {
  const json list = json::parse(text, nullptr, false);
  if (!list.is_array()) return fail(Errc::corrupt, "the catalogue holds index fields that are not JSON");
  std::vector<IndexField> fields;
  for (const json& item : list) {
    fields.push_back({item.value("name", ""), item.value("value", ""), item.value("confidence", 1.0),
                      item.value("source", ""), item.value("page", "")});
  }
  return fields;
}

Result<std::vector<std::string>> remarks_from(const std::string& text) {
  const json list = json::parse(text, nullptr, false);
  if (!list.is_array()) return fail(Errc::corrupt, "the catalogue holds remarks that are not JSON");
  return list.get<std::vector<std::string>>();
}

Result<void> read_terms(const Statement& row, DocumentRow& document) {
  MAILROOM_TRY(document.state, document_state_from(row.text(4)));
  MAILROOM_TRY(document.priority, priority_from(row.text(7)));
  MAILROOM_TRY(document.received.channel, channel_from(row.text(9)));
  MAILROOM_TRY(document.originals, originals_from(row.text(10)));
  MAILROOM_TRY(document.confidentiality, confidentiality_from(row.text(11)));
  MAILROOM_TRY(document.fields, fields_from(row.text(12)));
  return {};
}

Result<DocumentRow> read_document(const Statement& row) {
  DocumentRow document;
  document.id = row.text(0);
  document.batch = row.text(1);
  document.key = row.text(2);
  document.number = row.text(3);
  document.document_class = row.text(5);
  document.department = row.text(6);
  document.received.date = row.text(8);
  document.reference = row.text(13);
  document.supersedes = row.text(14);
  document.created_at = row.text(15);
  document.sealed_at = row.text(16);
  document.receipted_at = row.text(17);
  MAILROOM_TRY(document.remarks, remarks_from(row.text(18)));
  document.confirmed_by = row.text(19);
  document.checked_by = row.text(20);
  MAILROOM_TRY_VOID(read_terms(row, document));
  return document;
}

Result<DocumentPage> read_document_page(const Statement& row) {
  MAILROOM_TRY(const PageRole role, page_role_from(row.text(1)));
  return DocumentPage{row.text(0), role, int(row.integer(2))};
}

Result<ContentRow> read_content(const Statement& row) {
  return ContentRow{row.text(0), row.text(1), row.text(2),
                    row.text(3), row.text(4), std::uint64_t(row.integer(5)),
                    row.text(6)};
}

}  // namespace

Result<void> Documents::insert(const DocumentRow& document, Timestamp now) {
  MAILROOM_TRY_VOID(changed_one(
      database_.run(
          "INSERT INTO document (id, batch, key, number, state, class, department, priority, received_date, "
          "channel, originals, confidentiality, fields, reference, supersedes, created_at, remarks, "
          "confirmed_by, checked_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, "
          "?15, ?16, ?17, ?18, ?19)",
          document.id, document.batch, document.key, document.number, name_of(document.state),
          document.document_class, document.department, name_of(document.priority), document.received.date,
          name_of(document.received.channel), name_of(document.originals), name_of(document.confidentiality),
          fields_json(document.fields).dump(), document.reference, document.supersedes, to_rfc3339(now),
          json(document.remarks).dump(), document.confirmed_by, document.checked_by),
      "document"));
  int position = 0;
  for (const DocumentPage& page : document.pages) {
    MAILROOM_TRY_VOID(
        changed_one(database_.run("INSERT INTO document_page (document, position, page, role, turn) "
                                  "VALUES (?1, ?2, ?3, ?4, ?5)",
                                  document.id, ++position, page.page, name_of(page.role), page.turn),
                    "page"));
  }
  return {};
}

Result<void> Documents::insert_content(const ContentRow& content) {
  return changed_one(
      database_.run("INSERT INTO content (document, recipient, name, role, media_type, size, sha256) "
                    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                    content.document, content.recipient, content.name, content.role, content.media_type,
                    std::int64_t(content.size), content.sha256),
      "content");
}

Result<DocumentRow> Documents::with_pages(DocumentRow document) const {
  MAILROOM_TRY(
      document.pages,
      rows_of<DocumentPage>(database_.query("SELECT page, role, turn FROM document_page WHERE document = ?1 "
                                            "ORDER BY position",
                                            document.id),
                            read_document_page));
  return document;
}

Result<std::vector<DocumentRow>> Documents::with_pages(Result<std::vector<DocumentRow>> documents) const {
  if (!documents) return documents;
  for (DocumentRow& document : *documents) {
    MAILROOM_TRY(document, with_pages(std::move(document)));
  }
  return documents;
}

Result<DocumentRow> Documents::get(const std::string& id_or_number) const {
  MAILROOM_TRY(auto found, row_of<DocumentRow>(database_.query("SELECT " DOCUMENT_COLUMNS " FROM document "
                                                               "WHERE id = ?1 OR number = ?1",
                                                               id_or_number),
                                               read_document));
  if (!found) return fail(Errc::not_found, "there is no such document");
  return with_pages(std::move(*found));
}

Result<std::vector<DocumentRow>> Documents::of_batch(const std::string& batch) const {
  return with_pages(
      rows_of<DocumentRow>(database_.query("SELECT " DOCUMENT_COLUMNS " FROM document WHERE batch = ?1 "
                                           "ORDER BY id",
                                           batch),
                           read_document));
}

Result<std::vector<DocumentRow>> Documents::in_state(DocumentState state) const {
  return with_pages(
      rows_of<DocumentRow>(database_.query("SELECT " DOCUMENT_COLUMNS " FROM document WHERE state = ?1 "
                                           "ORDER BY id",
                                           name_of(state)),
                           read_document));
}

Result<std::vector<DocumentRow>> Documents::all() const {
  return with_pages(rows_of<DocumentRow>(
      database_.query("SELECT " DOCUMENT_COLUMNS " FROM document ORDER BY id"), read_document));
}

Result<std::vector<ContentRow>> Documents::contents_of(const std::string& document) const {
  return rows_of<ContentRow>(
      database_.query("SELECT document, recipient, name, role, media_type, size, sha256 "
                      "FROM content WHERE document = ?1 ORDER BY recipient, name",
                      document),
      read_content);
}

Result<std::vector<std::string>> Documents::all_digests() const {
  return rows_of<std::string>(database_.query("SELECT DISTINCT sha256 FROM content ORDER BY sha256"),
                              [](const Statement& row) -> Result<std::string> { return row.text(0); });
}

Result<void> Documents::step(const std::string& id, DocumentState to, Timestamp now) {
  MAILROOM_TRY(const DocumentRow document, get(id));
  MAILROOM_TRY_VOID(check_step(document.state, to));
  return changed_one(database_.run("UPDATE document SET state = ?2, sealed_at = iif(?3, ?5, sealed_at), "
                                   "receipted_at = iif(?4, ?5, receipted_at) WHERE id = ?1",
                                   id, name_of(to), int(to == DocumentState::sealed),
                                   int(to == DocumentState::receipted), to_rfc3339(now)),
                     "document");
}

}  // namespace mailroom::archive
