#include "daemon/archive/consistency.h"

#include "daemon/archive/rows.h"

namespace mailroom::archive {
namespace {

/// An invariant over rows: `sql` gives the place of each breach.
struct Rule {
  const char* what;
  const char* text;
  const char* sql;
};

constexpr Rule kRules[] = {
    {"page", "this side is in more than one document",
     "SELECT batch.number || ' sheet ' || page.sheet || ' ' || page.side FROM document_page "
     "JOIN document ON document.id = document_page.document JOIN page ON page.id = document_page.page "
     "JOIN batch ON batch.id = page.batch WHERE document.state NOT IN ('superseded', 'withdrawn') "
     "GROUP BY page.id HAVING count(DISTINCT document.id) > 1 OR count(*) > count(DISTINCT document.id)"},
    {"page", "this side is content and in no document",
     "SELECT batch.number || ' sheet ' || page.sheet || ' ' || page.side FROM page "
     "JOIN batch ON batch.id = page.batch WHERE batch.state IN ('released', 'finished') "
     "AND page.role NOT IN ('separator', 'blank', 'copy', 'envelope') "
     "AND NOT EXISTS (SELECT 1 FROM document_page WHERE document_page.page = page.id)"},
    {"page", "this side is in a document of another batch",
     "SELECT document.number FROM document_page JOIN document ON document.id = document_page.document "
     "JOIN page ON page.id = document_page.page WHERE page.batch <> document.batch"},
    {"batch", "it counts other sheets than it has",
     "SELECT number FROM batch WHERE sheets <> "
     "(SELECT coalesce(max(sheet), 0) FROM page WHERE page.batch = batch.id)"},
    {"batch", "it is released although a side was not read",
     "SELECT DISTINCT batch.number FROM batch JOIN page ON page.batch = batch.id "
     "WHERE batch.state IN ('released', 'finished') AND page.report IS NULL AND page.failure IS NULL"},
    {"batch", "it has documents although it was not released",
     "SELECT DISTINCT batch.number FROM batch JOIN document ON document.batch = batch.id "
     "WHERE batch.state NOT IN ('released', 'finished')"},
    {"batch", "it is finished although a document is not",
     "SELECT DISTINCT batch.number FROM batch JOIN document ON document.batch = batch.id "
     "WHERE batch.state = 'finished' AND document.state NOT IN ('receipted', 'withdrawn', 'superseded')"},
    {"batch", "everything of it is done, but it is not finished",
     "SELECT number FROM batch WHERE state = 'released' AND NOT EXISTS (SELECT 1 FROM document "
     "WHERE document.batch = batch.id AND document.state NOT IN ('receipted', 'withdrawn', 'superseded')) "
     "AND NOT EXISTS (SELECT 1 FROM clarification WHERE clarification.batch = batch.id "
     "AND clarification.state = 'open')"},
    {"batch", "it is held, but nobody is asked anything",
     "SELECT number FROM batch WHERE state = 'held' AND NOT EXISTS (SELECT 1 FROM clarification "
     "WHERE clarification.batch = batch.id AND clarification.state = 'open') AND NOT EXISTS (SELECT 1 "
     "FROM page WHERE page.batch = batch.id AND page.report IS NULL AND page.failure IS NULL)"},
    {"document", "it is not sealed, but has contents or is owed",
     "SELECT number FROM document WHERE state IN ('open', 'held', 'released') AND "
     "(EXISTS (SELECT 1 FROM content WHERE content.document = document.id) OR "
     "EXISTS (SELECT 1 FROM outbox WHERE outbox.document = document.id))"},
    {"document", "it is sealed, but has no contents or is owed to nobody",
     "SELECT number FROM document WHERE state IN ('sealed', 'owed', 'receipted') AND "
     "NOT EXISTS (SELECT 1 FROM erased WHERE erased.subject = document.id) AND "
     "(NOT EXISTS (SELECT 1 FROM content WHERE content.document = document.id) OR "
     "NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.document = document.id))"},
    {"document", "every recipient has confirmed it, but it still counts as owed",
     "SELECT number FROM document WHERE state = 'owed' AND EXISTS (SELECT 1 FROM outbox "
     "WHERE outbox.document = document.id) AND NOT EXISTS (SELECT 1 FROM outbox "
     "WHERE outbox.document = document.id AND outbox.state <> 'stored')"},
    {"document", "it counts as receipted, but a recipient has not confirmed it",
     "SELECT DISTINCT document.number FROM document JOIN outbox ON outbox.document = document.id "
     "WHERE document.state = 'receipted' AND outbox.state <> 'stored'"},
    {"document", "it has no page",
     "SELECT number FROM document WHERE NOT EXISTS (SELECT 1 FROM document_page "
     "WHERE document_page.document = document.id)"},
    {"delivery", "its answer and its state do not fit each other",
     "SELECT id FROM outbox WHERE state IN ('stored', 'rejected', 'returned') AND answered_at = ''"},
    {"delivery", "its attempts and their time do not fit each other",
     "SELECT id FROM outbox WHERE attempts > 0 AND last_attempt = ''"},
    {"audit", "this batch was opened without an entry",
     "SELECT number FROM batch WHERE NOT EXISTS (SELECT 1 FROM audit_subject JOIN audit USING (seq) "
     "WHERE audit_subject.subject = batch.id AND audit.action = 'batch.opened')"},
    {"audit", "this document was sealed without an entry",
     "SELECT number FROM document WHERE sealed_at <> '' AND NOT EXISTS (SELECT 1 FROM audit_subject "
     "JOIN audit USING (seq) WHERE audit_subject.subject = document.id AND audit.action = "
     "'document.sealed')"},
    {"audit", "this receipt was recorded without an entry",
     "SELECT id FROM outbox WHERE state = 'stored' AND NOT EXISTS (SELECT 1 FROM audit_subject "
     "JOIN audit USING (seq) WHERE audit_subject.subject = outbox.id AND audit.action = "
     "'document.receipted')"},
    {"audit", "this receipt has more than one entry",
     "SELECT outbox.id FROM outbox JOIN audit_subject ON audit_subject.subject = outbox.id "
     "JOIN audit USING (seq) WHERE audit.action = 'document.receipted' GROUP BY outbox.id "
     "HAVING count(*) > 1"},
    {"audit", "it tells of a sealed document that is not there",
     "SELECT 'entry ' || seq FROM audit WHERE action = 'document.sealed' AND NOT EXISTS (SELECT 1 "
     "FROM audit_subject JOIN document ON document.id = audit_subject.subject "
     "WHERE audit_subject.seq = audit.seq)"},
    {"audit", "it tells of a batch that is not there",
     "SELECT 'entry ' || seq FROM audit WHERE action = 'batch.opened' AND NOT EXISTS (SELECT 1 "
     "FROM audit_subject JOIN batch ON batch.id = audit_subject.subject "
     "WHERE audit_subject.seq = audit.seq)"},
    {"clarification", "it is resolved, but nobody has answered",
     "SELECT clarification.id FROM clarification WHERE state = 'resolved' AND NOT EXISTS (SELECT 1 "
     "FROM resolution WHERE resolution.batch = clarification.batch "
     "AND resolution.clarification_key = clarification.key)"},
};

}  // namespace

Result<std::vector<Contradiction>> find_contradictions(Database& database) {
  std::vector<Contradiction> found;
  for (const Rule& rule : kRules) {
    MAILROOM_TRY(const auto places, rows_of<std::string>(database.query(rule.sql),
                                                         [](const Statement& row) -> Result<std::string> {
                                                           return row.text(0);
                                                         }));
    for (const auto& place : places) found.push_back({rule.what, place, rule.text});
  }
  return found;
}

}  // namespace mailroom::archive
