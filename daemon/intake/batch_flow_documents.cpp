#include <algorithm>
#include <map>

#include "daemon/base/kill_point.h"
#include "daemon/base/log.h"
#include "daemon/base/uuid.h"
#include "daemon/delivery/content_token.h"
#include "daemon/delivery/manifest.h"
#include "daemon/intake/batch_flow.h"

namespace mailroom::intake {
namespace {

using archive::Batch;
using archive::DeliveryRow;
using archive::DocumentRow;
using nlohmann::json;

delivery::ManifestFacts manifest_facts(const DocumentRow& document, const SealedDocument& sealed,
                                       const std::string& recipient, bool encrypted) {
  delivery::ManifestFacts facts;
  facts.time = sealed.sealed_at;
  facts.recipient = recipient;
  facts.number = document.number;
  facts.document_class = document.document_class;
  facts.department = document.department;
  facts.received = document.received;
  facts.priority = document.priority;
  facts.fields = document.fields;
  facts.confidential = document.confidentiality == Confidentiality::high;
  facts.is_invoice = std::any_of(sealed.contents.begin(), sealed.contents.end(),
                                 [](const auto& content) { return content.manifest.role == "invoice"; });
  for (const SealedContent& content : sealed.contents) {
    if (content.row.recipient == (encrypted ? recipient : "")) facts.contents.push_back(content.manifest);
  }
  return facts;
}

}  // namespace

Result<SealOrder> BatchFlow::seal_order(const std::string& id) {
  SealOrder order;
  MAILROOM_TRY(order.document, rooms_.catalogue.documents().get(id));
  if (order.document.state != DocumentState::released) {
    return fail(Errc::illegal_state,
                "a document that is " + std::string(name_of(order.document.state)) + " cannot be sealed");
  }
  MAILROOM_TRY(order.batch, rooms_.catalogue.batches().get(order.document.batch));
  for (const auto& page : order.document.pages) {
    MAILROOM_TRY(auto row, rooms_.catalogue.pages().get(page.page));
    if (row.report) row.report->rotation = (row.report->rotation + page.turn) % 360;
    order.pages.push_back(std::move(row));
  }
  MAILROOM_TRY(const auto count, rooms_.catalogue.pages().count(order.batch.id));
  order.batch_sides = count.taken;
  MAILROOM_TRY(order.anomalies, anomalies_of(order.batch.id));
  MAILROOM_TRY_VOID(note_feeds(order));
  for (const std::string& remark : order.document.remarks) order.anomalies.push_back({remark, "", "", ""});
  MAILROOM_TRY(const auto answers, rooms_.catalogue.clarifications().resolutions_of(order.batch.id));
  for (const auto& answer : answers) {
    if (answer.kind == "confirm_count") order.counted_by_person = answer.person;
  }
  MAILROOM_TRY(order.invoice, rooms_.catalogue.invoices().model_of(order.document.id));
  MAILROOM_TRY(const auto file, rooms_.catalogue.invoices().received_by_batch(order.batch.id));
  if (file) order.file_name = file->name;
  order.sealed_at = rooms_.clock.now();
  return order;
}

/// What interrupted the batch, and the sheets that went in again after it.
Result<void> BatchFlow::note_feeds(SealOrder& order) {
  MAILROOM_TRY(const auto feeds, rooms_.catalogue.feeds().of_batch(order.batch.id));
  for (const archive::Feed& feed : feeds) {
    if (!feed.fault) continue;
    order.anomalies.push_back(
        {"feed_" + std::string(name_of(feed.fault->kind)),
         std::to_string(feed.fault->sheet) + " " + std::string(name_of(feed.fault->side)), "fed_on",
         "software"});
  }
  return {};
}

Result<std::vector<archive::NotedAnomaly>> BatchFlow::anomalies_of(const std::string& batch) {
  MAILROOM_TRY(const auto clarifications, rooms_.catalogue.clarifications().of_batch(batch));
  MAILROOM_TRY(const auto resolutions, rooms_.catalogue.clarifications().resolutions_of(batch));
  std::map<std::string, const archive::ResolutionRow*> answers;  // the latest per clarification
  for (const auto& resolution : resolutions) answers[resolution.clarification_key] = &resolution;
  std::vector<archive::NotedAnomaly> anomalies;
  for (const auto& row : clarifications) {
    const auto answer = answers.find(row.key);
    if (answer == answers.end()) continue;
    const auto values = row.body.value("values", json::object());
    const std::string sheet = values.value("sheet", std::string());
    const std::string side = values.value("side", std::string());
    anomalies.push_back({row.reason, side.empty() ? sheet : sheet + " " + side, answer->second->kind,
                         answer->second->person});
  }
  return anomalies;
}

Result<std::string> BatchFlow::delivery_replaced_by(const DocumentRow& document,
                                                    const std::string& recipient) {
  if (document.supersedes.empty()) return std::string();
  MAILROOM_TRY(const auto before, rooms_.catalogue.deliveries().of_document(document.supersedes));
  for (const DeliveryRow& row : before) {
    if (row.recipient == recipient) return row.id;
  }
  return std::string();  // the document it replaces never went to this recipient
}

std::optional<delivery::HttpsAccess> BatchFlow::https_access(const std::string& recipient,
                                                             const std::string& delivery) const {
  const std::string& address = rooms_.configuration.web.contents;
  if (address.empty() || !rooms_.configuration.recipients.at(recipient).https) return std::nullopt;
  return delivery::HttpsAccess{address + "/content/v1/" + recipient + "/" + delivery + "/",
                               delivery::content_token(rooms_.routing_keys.front(), delivery)};
}

Result<DeliveryRow> BatchFlow::make_delivery(const DocumentRow& document, const SealedDocument& sealed,
                                             const std::string& recipient, const archive::AuditHead& head) {
  const bool encrypted = rooms_.configuration.recipients.at(recipient).encrypt;
  auto facts = manifest_facts(document, sealed, recipient, encrypted);
  DeliveryRow delivery;
  delivery.id = new_uuid(rooms_.clock);
  facts.id = delivery.id;
  facts.site = rooms_.configuration.site;
  facts.node = rooms_.node;
  MAILROOM_TRY(facts.records, rooms_.catalogue.records().of_document(document.id));
  MAILROOM_TRY(facts.supersedes, delivery_replaced_by(document, recipient));
  facts.https = https_access(recipient, delivery.id);
  facts.audit_seq = std::uint64_t(head.seq);
  facts.audit_head = head.hash;
  MAILROOM_TRY(delivery.manifest, delivery::build_manifest(facts, [this](ByteView bytes) {
                 return sign_detached(bytes, rooms_.appliance);
               }));
  delivery.document = document.id;
  delivery.recipient = recipient;
  delivery.priority = document.priority;
  return delivery;
}

Result<void> BatchFlow::record_sealed(const SealedDocument& sealed) {
  auto documents = rooms_.catalogue.documents();
  MAILROOM_TRY(const DocumentRow document, documents.get(sealed.document));
  const Timestamp now = rooms_.clock.now();
  MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
  MAILROOM_TRY_VOID(documents.step(document.id, DocumentState::sealed, now));
  json digests = json::array();
  for (const SealedContent& content : sealed.contents) {
    MAILROOM_TRY_VOID(documents.insert_content(content.row));
    digests.push_back(
        {{"name", content.row.name}, {"recipient", content.row.recipient}, {"sha256", content.row.sha256}});
  }
  MAILROOM_TRY(const auto head,
               archive::append_audit(transaction, now,
                                     {"daemon",
                                      "document.sealed",
                                      {document.id, document.batch},
                                      {{"number", document.number}, {"contents", digests}}}));
  for (const std::string& recipient : rooms_.configuration.classes.at(document.document_class).recipients) {
    MAILROOM_TRY(const DeliveryRow delivery, make_delivery(document, sealed, recipient, head));
    MAILROOM_TRY_VOID(rooms_.catalogue.deliveries().insert(delivery, now));
  }
  MAILROOM_TRY_VOID(documents.step(document.id, DocumentState::owed, now));
  kill_point("seal.before_commit");
  MAILROOM_TRY_VOID(transaction.commit());
  kill_point("seal.after_commit");
  log::notice("document sealed", {.batch = document.batch, .document = document.id});
  requests_.deliver();
  requests_.changed();
  return {};
}

Result<void> BatchFlow::record_answer(archive::Transaction& transaction, const DeliveryRow& delivery,
                                      const delivery::Receipt& receipt) {
  auto documents = rooms_.catalogue.documents();
  MAILROOM_TRY(const DocumentRow document, documents.get(delivery.document));
  const std::string actor = "recipient:" + delivery.recipient;
  const bool stored = receipt.status == delivery::ReceiptStatus::stored;
  MAILROOM_TRY_VOID(audit(transaction, actor, stored ? "document.receipted" : "document.sent_back",
                          {document.id, delivery.id, document.batch}, {{"record", receipt.record}}));
  MAILROOM_TRY_VOID(close_unanswered(delivery, document.batch));
  if (!stored) return open_return(document, delivery, receipt);
  MAILROOM_TRY(const auto deliveries, rooms_.catalogue.deliveries().of_document(document.id));
  const bool all_stored = std::all_of(deliveries.begin(), deliveries.end(),
                                      [](const DeliveryRow& row) { return row.state == archive::kStored; });
  if (!all_stored || document.state != DocumentState::owed) return {};
  MAILROOM_TRY_VOID(documents.step(document.id, DocumentState::receipted, rooms_.clock.now()));
  return finish_if_done(transaction, document.batch);
}

Result<void> BatchFlow::finish_if_done(archive::Transaction& transaction, const std::string& batch) {
  MAILROOM_TRY(const auto documents, rooms_.catalogue.documents().of_batch(batch));
  const bool done = std::all_of(documents.begin(), documents.end(), [](const DocumentRow& document) {
    return document.state == DocumentState::receipted || document.state == DocumentState::withdrawn ||
           document.state == DocumentState::superseded;
  });
  MAILROOM_TRY(const int open, rooms_.catalogue.clarifications().open_count(batch));
  MAILROOM_TRY(const Batch row, rooms_.catalogue.batches().get(batch));
  if (!done || open > 0 || row.state != BatchState::released) return {};
  MAILROOM_TRY_VOID(rooms_.catalogue.batches().step(batch, BatchState::finished, rooms_.clock.now()));
  log::notice("batch finished: every document is receipted", {.batch = batch});
  return audit(transaction, "daemon", "batch.finished", {batch},
               {{"documents", std::int64_t(documents.size())}});
}

}  // namespace mailroom::intake
