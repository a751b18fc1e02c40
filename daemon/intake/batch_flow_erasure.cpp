#include <algorithm>
#include <cctype>
#include <filesystem>
#include <set>

#include "daemon/archive/backup_lock.h"
#include "daemon/archive/undelivered.h"
#include "daemon/base/durable_file.h"
#include "daemon/base/kill_point.h"
#include "daemon/base/log.h"
#include "daemon/base/uuid.h"
#include "daemon/crypto/digest.h"
#include "daemon/intake/batch_flow.h"
#include "daemon/intake/spool_removal.h"

/// What must not have been read here is taken out for good: the rows, then the files. What stays is a
/// tombstone of ids and digests.
namespace mailroom::intake {
namespace {

using archive::DocumentRow;
using archive::Erasure;
using archive::Page;
using nlohmann::json;

bool is_being_sealed(DocumentState state) {
  return state == DocumentState::open || state == DocumentState::released || state == DocumentState::sealed;
}

bool is_undelivered(DocumentState state) {
  return state == DocumentState::owed || state == DocumentState::held;
}

/// What stays in the place of a manifest: nothing but what proves the audit and the delivery.
json remainder_of(const archive::DeliveryRow& delivery, const std::string& erasure) {
  json remainder = {{"erased", erasure}, {"id", delivery.id}, {"sha256", sha256_hex(as_bytes(delivery.manifest))}};
  const json manifest = json::parse(delivery.manifest, nullptr, false);
  const json::json_pointer audit("/data/audit");
  if (manifest.contains(audit)) remainder["data"]["audit"] = manifest[audit];
  return remainder;
}

/// Everything of the same document: what it replaced and what replaced it.
std::vector<DocumentRow> connected(const std::vector<DocumentRow>& all, const std::string& id) {
  std::set<std::string> ids = {id};
  for (std::size_t before = 0; before != ids.size();) {
    before = ids.size();
    for (const DocumentRow& document : all) {
      if (ids.contains(document.id) && !document.supersedes.empty()) ids.insert(document.supersedes);
      if (ids.contains(document.supersedes)) ids.insert(document.id);
    }
  }
  std::vector<DocumentRow> found;
  for (const DocumentRow& document : all) {
    if (ids.contains(document.id)) found.push_back(document);
  }
  return found;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return char(std::tolower(c)); });
  return text;
}

json digests_in(const json& list) {
  json digests = json::array();
  for (const json& item : list) digests.push_back(item.at("sha256"));
  return digests;
}

}  // namespace

Result<Erasure> BatchFlow::request_erasure(const ErasureWish& wish) {
  const auto& reasons = archive::erasure_reasons();
  if (wish.person.empty()) return fail(Errc::invalid_input, "an erasure needs the person who asks for it");
  if (std::find(reasons.begin(), reasons.end(), wish.reason) == reasons.end()) {
    std::string allowed;
    for (const auto& reason : reasons) allowed += (allowed.empty() ? "" : ", ") + reason;
    return fail(Errc::invalid_input, "'" + wish.reason + "' is no reason to erase", {},
                "give one of: " + allowed);
  }
  Erasure erasure;
  erasure.id = new_uuid(rooms_.clock);
  erasure.reason = wish.reason;
  erasure.requested_by = wish.person;
  if (const auto document = rooms_.catalogue.documents().get(wish.subject)) {
    erasure.scope = "document";
    erasure.subject = document->id;
    erasure.batch = document->batch;
  } else {
    MAILROOM_TRY(const auto batch, rooms_.catalogue.batches().get(wish.subject));
    if (batch.state != BatchState::discarded) {
      return fail(
          Errc::illegal_state, "a batch that is " + std::string(name_of(batch.state)) + " cannot be erased",
          Place::in_batch(batch.number), "erase its documents one by one, or discard it before its release");
    }
    erasure.scope = "batch";
    erasure.subject = erasure.batch = batch.id;
  }
  MAILROOM_TRY(const bool gone, archive::Erasures(rooms_.catalogue.database()).is_erased(erasure.subject));
  if (gone) return fail(Errc::illegal_state, "this is erased already", {}, "see: mailroomctl erase list");
  MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
  MAILROOM_TRY_VOID(archive::Erasures(rooms_.catalogue.database()).insert(erasure, rooms_.clock.now()));
  MAILROOM_TRY_VOID(audit(transaction, "operator:" + wish.person, "erasure.requested",
                          {erasure.id, erasure.subject},
                          {{"scope", erasure.scope}, {"reason", wish.reason}, {"caller", wish.caller}}));
  MAILROOM_TRY_VOID(transaction.commit());
  requests_.changed();
  return archive::Erasures(rooms_.catalogue.database()).get(erasure.id);
}

Result<Erasure> BatchFlow::refuse_erasure(const ErasureDecision& decision) {
  if (decision.person.empty()) return fail(Errc::invalid_input, "a decision needs a person");
  MAILROOM_TRY(const Erasure erasure, archive::Erasures(rooms_.catalogue.database()).get(decision.erasure));
  MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
  MAILROOM_TRY_VOID(
      archive::Erasures(rooms_.catalogue.database()).refuse(erasure.id, decision.person, rooms_.clock.now()));
  MAILROOM_TRY_VOID(audit(transaction, "operator:" + decision.person, "erasure.refused",
                          {erasure.id, erasure.subject}, {{"caller", decision.caller}}));
  MAILROOM_TRY_VOID(transaction.commit());
  requests_.changed();
  return archive::Erasures(rooms_.catalogue.database()).get(erasure.id);
}

Result<std::vector<DocumentRow>> BatchFlow::versions_of(const Erasure& erasure) {
  MAILROOM_TRY(const auto all, rooms_.catalogue.documents().of_batch(erasure.batch));
  auto versions = connected(all, erasure.subject);
  for (const DocumentRow& document : versions) {
    if (!is_being_sealed(document.state)) continue;
    return fail(Errc::illegal_state, "document " + document.number + " is just being sealed", {},
                "try again in a moment");
  }
  return versions;
}

Result<void> BatchFlow::blank_page(const Erasure& erasure, const Page& page, json& tombstone) {
  auto erasures = archive::Erasures(rooms_.catalogue.database());
  MAILROOM_TRY(const bool known, erasures.is_erased(page.id));
  if (known) return {};  // another version of the document has it too
  tombstone["pages"].push_back({{"id", page.id},
                                {"batch", page.batch},
                                {"sheet", page.image.sheet},
                                {"side", name_of(page.image.side)},
                                {"format", media_type_of(page.image.format)},
                                {"sha256", page.image.sha256}});
  MAILROOM_TRY_VOID(erasures.mark(page.id, erasure.id));
  MAILROOM_TRY_VOID(erasures.blank_clarifications(page.batch, page.id));
  return erasures.blank_page(page.id);
}

Result<void> BatchFlow::blank_document(archive::Transaction& transaction, const Erasure& erasure,
                                       const DocumentRow& document, json& tombstone) {
  auto erasures = archive::Erasures(rooms_.catalogue.database());
  auto deliveries = rooms_.catalogue.deliveries();
  const Timestamp now = rooms_.clock.now();
  tombstone["documents"].push_back({{"id", document.id}, {"number", document.number}});
  MAILROOM_TRY(const auto contents, rooms_.catalogue.documents().contents_of(document.id));
  for (const auto& content : contents) {
    tombstone["contents"].push_back({{"document", document.id},
                                     {"name", content.name},
                                     {"recipient", content.recipient},
                                     {"size", content.size},
                                     {"sha256", content.sha256}});
  }
  MAILROOM_TRY(const auto owed, deliveries.of_document(document.id));
  for (const auto& row : owed) {
    tombstone["deliveries"].push_back(
        {{"id", row.id}, {"recipient", row.recipient}, {"state", row.state}, {"record", row.record}});
    MAILROOM_TRY_VOID(erasures.blank_delivery(row.id, remainder_of(row, erasure.id).dump()));
    MAILROOM_TRY_VOID(erasures.blank_clarifications(document.batch, row.id));
  }
  MAILROOM_TRY_VOID(close_returns_of(document));
  if (is_undelivered(document.state)) {
    MAILROOM_TRY_VOID(rooms_.catalogue.documents().step(document.id, DocumentState::withdrawn, now));
    MAILROOM_TRY_VOID(archive::Undelivered(rooms_.catalogue.database()).withdraw_owed(document.id));
  }
  MAILROOM_TRY_VOID(erasures.blank_clarifications(document.batch, document.id));
  MAILROOM_TRY_VOID(erasures.blank_document(document.id));
  MAILROOM_TRY_VOID(erasures.mark(document.id, erasure.id));
  for (const auto& part : document.pages) {
    MAILROOM_TRY(const Page page, rooms_.catalogue.pages().get(part.page));
    MAILROOM_TRY_VOID(blank_page(erasure, page, tombstone));
  }
  return finish_if_done(transaction, document.batch);
}

Result<void> BatchFlow::blank(archive::Transaction& transaction, const Erasure& erasure,
                              const std::vector<DocumentRow>& documents, json& tombstone) {
  for (const DocumentRow& document : documents)
    MAILROOM_TRY_VOID(blank_document(transaction, erasure, document, tombstone));
  if (erasure.scope != "batch") return {};
  MAILROOM_TRY(const auto pages, rooms_.catalogue.pages().of_batch(erasure.batch));
  for (const Page& page : pages) MAILROOM_TRY_VOID(blank_page(erasure, page, tombstone));
  MAILROOM_TRY_VOID(
      archive::Erasures(rooms_.catalogue.database()).blank_clarifications(erasure.batch, "batch"));
  return archive::Erasures(rooms_.catalogue.database()).mark(erasure.subject, erasure.id);
}

Result<Erasure> BatchFlow::confirm_erasure(const ErasureDecision& decision) {
  auto erasures = archive::Erasures(rooms_.catalogue.database());
  MAILROOM_TRY(const Erasure erasure, erasures.get(decision.erasure));
  if (decision.person.empty() || lower(decision.person) == lower(erasure.requested_by)) {
    return fail(Errc::refused, "an erasure is confirmed by another person than the one who asked for it", {},
                "have a colleague confirm it");
  }
  MAILROOM_TRY(const auto calm, archive::BackupLock::take(rooms_.data));
  std::vector<DocumentRow> documents;
  if (erasure.scope == "document") {
    MAILROOM_TRY(documents, versions_of(erasure));
  }
  json tombstone = {{"documents", json::array()},
                    {"contents", json::array()},
                    {"deliveries", json::array()},
                    {"pages", json::array()}};
  MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
  MAILROOM_TRY_VOID(blank(transaction, erasure, documents, tombstone));
  MAILROOM_TRY_VOID(erasures.confirm(erasure.id, decision.person, tombstone, rooms_.clock.now()));
  std::vector<std::string> subjects = {erasure.id, erasure.batch};
  for (const DocumentRow& document : documents) subjects.push_back(document.id);
  MAILROOM_TRY_VOID(audit(transaction, "operator:" + decision.person, erasure.scope + ".erased", subjects,
                          {{"reason", erasure.reason},
                           {"requested_by", erasure.requested_by},
                           {"contents", digests_in(tombstone["contents"])},
                           {"pages", digests_in(tombstone["pages"])},
                           {"caller", decision.caller}}));
  kill_point("erase.before_commit");
  MAILROOM_TRY_VOID(transaction.commit());
  kill_point("erase.after_commit");
  log::notice("erased by two persons", {.batch = erasure.batch});
  MAILROOM_TRY(const Erasure confirmed, erasures.get(erasure.id));
  MAILROOM_TRY_VOID(finish_erasure(confirmed));
  requests_.changed();
  return erasures.get(erasure.id);
}

Result<void> BatchFlow::remove_erased_files(const Erasure& erasure) {
  MAILROOM_TRY(const auto owned, rooms_.catalogue.documents().all_digests());
  for (const json& content : erasure.tombstone.value("contents", json::array())) {
    const std::string digest = content.at("sha256");
    // The same bytes may have come in once more, as another document's.
    if (std::binary_search(owned.begin(), owned.end(), digest)) continue;
    MAILROOM_TRY_VOID(rooms_.contents.remove(digest));
    MAILROOM_TRY_VOID(remove_durably(rooms_.unowned / digest));
    kill_point("erase.content_removed");
  }
  for (const json& page : erasure.tombstone.value("pages", json::array())) {
    MAILROOM_TRY(const Page row, rooms_.catalogue.pages().get(page.at("id")));
    MAILROOM_TRY_VOID(
        remove_side(rooms_.spool, {row.batch, row.image.sheet, row.image.side, row.image.format}));
    kill_point("erase.side_removed");
  }
  if (erasure.scope == "batch") return remove_working_copies(rooms_.spool, erasure.batch);
  return {};
}

Result<void> BatchFlow::finish_erasure(const Erasure& erasure) {
  MAILROOM_TRY_VOID(remove_erased_files(erasure));
  // The write-ahead log still has the rows as they were.
  MAILROOM_TRY_VOID(rooms_.catalogue.database().execute_script("PRAGMA wal_checkpoint(TRUNCATE)"));
  kill_point("erase.before_finish");
  MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
  MAILROOM_TRY_VOID(archive::Erasures(rooms_.catalogue.database()).finish(erasure.id, rooms_.clock.now()));
  MAILROOM_TRY_VOID(audit(transaction, "daemon", "erasure.finished", {erasure.id, erasure.subject}));
  return transaction.commit();
}

}  // namespace mailroom::intake
