#include <algorithm>

#include "daemon/archive/undelivered.h"
#include "daemon/base/log.h"
#include "daemon/base/uuid.h"
#include "daemon/intake/batch_flow.h"

/// What happens to a document after release when it does not reach its recipients.
namespace mailroom::intake {
namespace {

using archive::Batch;
using archive::ClarificationRow;
using archive::DocumentRow;
using nlohmann::json;

constexpr const char* kDaemon = "daemon";

/// The corrected document: same pages, other routing, a new id that says what it replaces.
DocumentRow corrected(const DocumentRow& old, const json& arguments, const Configuration& configuration) {
  DocumentRow row = old;
  row.state = DocumentState::released;
  row.supersedes = old.id;
  row.document_class = arguments.value("class", old.document_class);
  row.department = arguments.value("department", old.department);
  const DocumentClass& document_class = configuration.classes.at(row.document_class);
  row.confidentiality = document_class.confidentiality;
  row.originals = document_class.originals;
  return row;
}

}  // namespace

bool is_about_a_released_document(const std::string& reason) {
  return reason == "sent_back" || reason == "seal_failed" || reason == "unanswered" ||
         reason == "restored_unsealed" || reason == "content_damaged";
}

Result<void> BatchFlow::open_return(const DocumentRow& document, const archive::DeliveryRow& delivery,
                                    const delivery::Receipt& receipt) {
  // Replaced or taken back meanwhile: what this recipient says is in the audit and asks nothing more.
  if (document.state != DocumentState::owed) return {};
  const auto clarification = assembly::make_clarification(
      "sent_back", {delivery.id}, {},
      {{"document", document.number}, {"recipient", delivery.recipient}, {"why", receipt.reason}});
  MAILROOM_TRY(const auto known, rooms_.catalogue.clarifications().of_batch(document.batch));
  return raise(document.batch, clarification, known);
}

Result<void> BatchFlow::record_dead(archive::Transaction& transaction, const archive::DeliveryRow& delivery) {
  MAILROOM_TRY(const DocumentRow document, rooms_.catalogue.documents().get(delivery.document));
  MAILROOM_TRY_VOID(audit(transaction, kDaemon, "delivery.unanswered",
                          {delivery.id, document.id, document.batch}, {{"attempts", delivery.attempts}}));
  log::warning("a delivery to " + delivery.recipient + " is never answered, a person is asked",
               {.batch = document.batch, .document = document.id});
  if (document.state != DocumentState::owed) return {};  // replaced meanwhile: nobody waits for it
  const auto clarification = assembly::make_clarification(
      "unanswered", {delivery.id}, {}, {{"document", document.number}, {"recipient", delivery.recipient}});
  MAILROOM_TRY(const auto known, rooms_.catalogue.clarifications().of_batch(document.batch));
  return raise(document.batch, clarification, known);
}

Result<void> BatchFlow::close_unanswered(const archive::DeliveryRow& delivery, const std::string& batch) {
  auto clarifications = rooms_.catalogue.clarifications();
  MAILROOM_TRY(const auto rows, clarifications.of_batch(batch));
  for (const ClarificationRow& row : rows) {
    if (row.state != archive::kOpen || row.reason != "unanswered") continue;
    MAILROOM_TRY(const auto clarification, assembly::clarification_from(row.body));
    if (clarification.subjects.at(0) != delivery.id) continue;
    MAILROOM_TRY_VOID(clarifications.set_state(row.id, archive::kGone, rooms_.clock.now()));
  }
  return {};
}

Result<void> BatchFlow::resend(const std::string& id, const std::string& person, const std::string& caller) {
  if (person.empty()) return fail(Errc::invalid_input, "a delivery is sent again by a person");
  MAILROOM_TRY(const auto delivery, rooms_.catalogue.deliveries().find(id));
  if (!delivery) return fail(Errc::not_found, "there is no such delivery", {}, "see: mailroomctl deliveries");
  if (delivery->state != archive::kOwed && delivery->state != archive::kDead) {
    return fail(Errc::illegal_state, "a delivery that is " + delivery->state + " is not sent again", {},
                "answer its clarification, see: mailroomctl clarifications");
  }
  MAILROOM_TRY(const DocumentRow document, rooms_.catalogue.documents().get(delivery->document));
  MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
  MAILROOM_TRY_VOID(archive::Undelivered(rooms_.catalogue.database()).owe_again(id, rooms_.clock.now()));
  MAILROOM_TRY_VOID(close_unanswered(*delivery, document.batch));
  MAILROOM_TRY_VOID(audit(transaction, "operator:" + person, "delivery.sent_again",
                          {id, document.id, document.batch}, {{"caller", caller}}));
  MAILROOM_TRY_VOID(transaction.commit());
  requests_.deliver();
  requests_.changed();
  return {};
}

Result<void> BatchFlow::record_seal_failure(const std::string& id, const Error& error) {
  log::error(error);
  auto documents = rooms_.catalogue.documents();
  MAILROOM_TRY(const DocumentRow document, documents.get(id));
  MAILROOM_TRY(const auto known, rooms_.catalogue.clarifications().of_batch(document.batch));
  MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
  MAILROOM_TRY_VOID(documents.step(id, DocumentState::held, rooms_.clock.now()));
  MAILROOM_TRY_VOID(raise(document.batch,
                          assembly::make_clarification("seal_failed", {document.id}, {},
                                                       {{"document", document.number},
                                                        {"why", std::string(name_of(error.code))},
                                                        {"detail", error.message()}}),
                          known));
  MAILROOM_TRY_VOID(audit(transaction, "daemon", "document.seal_failed", {id, document.batch},
                          {{"reason", name_of(error.code)}}));
  MAILROOM_TRY_VOID(transaction.commit());
  requests_.changed();
  return {};
}

Result<void> BatchFlow::record_content_damage(const archive::DeliveryRow& delivery, const Error& error) {
  MAILROOM_TRY(const DocumentRow document, rooms_.catalogue.documents().get(delivery.document));
  const auto question = assembly::make_clarification(
      "content_damaged", {document.id}, {}, {{"document", document.number}, {"why", error.message()}});
  MAILROOM_TRY(const auto known, rooms_.catalogue.clarifications().of_batch(document.batch));
  const bool asked = std::any_of(known.begin(), known.end(), [&](const ClarificationRow& row) {
    return row.key == question.key && row.state == archive::kOpen;
  });
  if (asked || document.state != DocumentState::owed) return {};
  log::error(error);
  MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
  MAILROOM_TRY_VOID(raise(document.batch, question, known));
  MAILROOM_TRY_VOID(audit(transaction, "daemon", "content.damaged", {document.id, document.batch},
                          {{"reason", name_of(error.code)}}));
  MAILROOM_TRY_VOID(transaction.commit());
  requests_.changed();
  return {};
}

Result<std::string> BatchFlow::document_of(const ClarificationRow& row) {
  MAILROOM_TRY(const auto clarification, assembly::clarification_from(row.body));
  const std::string& subject = clarification.subjects.at(0);
  if (row.reason == "seal_failed" || row.reason == "content_damaged" || row.reason == "restored_unsealed")
    return subject;
  MAILROOM_TRY(const auto delivery, rooms_.catalogue.deliveries().find(subject));
  if (!delivery) return fail(Errc::corrupt, "the clarification names a delivery that does not exist");
  return delivery->document;
}

/// One answer settles the document: other recipients that sent it back as well need none of their own.
Result<void> BatchFlow::close_returns_of(const DocumentRow& document) {
  auto clarifications = rooms_.catalogue.clarifications();
  MAILROOM_TRY(const auto rows, clarifications.of_batch(document.batch));
  for (const ClarificationRow& row : rows) {
    if (row.state != archive::kOpen || !is_about_a_released_document(row.reason)) continue;
    MAILROOM_TRY(const std::string about, document_of(row));
    if (about != document.id) continue;
    MAILROOM_TRY_VOID(clarifications.set_state(row.id, archive::kGone, rooms_.clock.now()));
  }
  return {};
}

Result<std::string> BatchFlow::reissue(const DocumentRow& old, const json& arguments) {
  auto documents = rooms_.catalogue.documents();
  MAILROOM_TRY(const Batch batch, rooms_.catalogue.batches().get(old.batch));
  MAILROOM_TRY(const auto all, documents.of_batch(old.batch));
  DocumentRow row = corrected(old, arguments, rooms_.configuration);
  row.id = new_uuid(rooms_.clock);
  row.number = batch.number + "-" + std::to_string(all.size() + 1);
  MAILROOM_TRY_VOID(documents.insert(row, rooms_.clock.now()));
  const auto& its_class = rooms_.configuration.classes.at(row.document_class);
  if (its_class.is_read_as_invoice()) MAILROOM_TRY_VOID(rooms_.catalogue.invoices().copy(old.id, row.id));
  if (its_class.reading != Reading::none && row.confidentiality != Confidentiality::high) {
    MAILROOM_TRY(const auto records, rooms_.catalogue.records().of_document(old.id));
    MAILROOM_TRY_VOID(rooms_.catalogue.records().insert(row.id, records));
  }
  MAILROOM_TRY_VOID(documents.step(old.id, DocumentState::superseded, rooms_.clock.now()));
  return row.id;
}

Result<void> BatchFlow::answer_after_release(archive::Transaction& transaction, const ClarificationRow& row,
                                             const Answer& answer, std::string& to_seal) {
  auto documents = rooms_.catalogue.documents();
  MAILROOM_TRY(const std::string id, document_of(row));
  MAILROOM_TRY(const DocumentRow document, documents.get(id));
  if (answer.kind == "reissue") {
    MAILROOM_TRY(to_seal, reissue(document, answer.arguments));
    MAILROOM_TRY_VOID(archive::Undelivered(rooms_.catalogue.database()).withdraw_owed(id));
  } else if (answer.kind == "resend") {
    MAILROOM_TRY(const auto clarification, assembly::clarification_from(row.body));
    MAILROOM_TRY_VOID(archive::Undelivered(rooms_.catalogue.database())
                          .owe_again(clarification.subjects.at(0), rooms_.clock.now()));
  } else if (answer.kind == "retry") {
    MAILROOM_TRY_VOID(documents.step(id, DocumentState::released, rooms_.clock.now()));
    to_seal = id;
  } else {
    MAILROOM_TRY_VOID(documents.step(id, DocumentState::withdrawn, rooms_.clock.now()));
    MAILROOM_TRY_VOID(archive::Undelivered(rooms_.catalogue.database()).withdraw_owed(id));
  }
  MAILROOM_TRY_VOID(
      rooms_.catalogue.clarifications().set_state(row.id, archive::kResolved, rooms_.clock.now()));
  if (answer.kind != "resend") MAILROOM_TRY_VOID(close_returns_of(document));
  MAILROOM_TRY_VOID(audit(transaction, "operator:" + answer.person, "document." + answer.kind,
                          {id, row.batch}, {{"new", to_seal}}));
  return finish_if_done(transaction, row.batch);
}

}  // namespace mailroom::intake
