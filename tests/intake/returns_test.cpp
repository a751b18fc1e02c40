#include "daemon/intake/catalogue_outbox.h"

#include "daemon/archive/undelivered.h"
#include "tests/intake/house.h"

using namespace mailroom;
using namespace mailroom::test;
using delivery::ReceiptStatus;

namespace {

/// A house whose recipients answer.
struct Town : House {
  void answer_of(const archive::DeliveryRow& row, ReceiptStatus status) {
    auto transaction = catalogue->database().begin().value();
    const auto receipt = receipt_for(row, status);
    REQUIRE(catalogue->deliveries().conclude(
        row.id, status == ReceiptStatus::stored ? archive::kStored : archive::kReturned, receipt.record, "{}",
        clock.now()));
    const auto recorded = flow->record_answer(transaction, row, receipt);
    if (!recorded) FAIL(recorded.error().message());
    REQUIRE(transaction.commit());
  }

  /// An invoice, owed to ecm and payment.
  archive::Batch owed_invoice() {
    const auto batch = released(1, "invoices");
    seal_asked();
    return batch;
  }
};

}  // namespace

TEST_CASE("a document is owed to each recipient of its class and receipted when all have stored it") {
  Town town;
  const auto batch = town.owed_invoice();
  const auto document = town.documents(batch).at(0);
  CHECK(document.state == DocumentState::owed);
  CHECK(town.asked.delivered == 1);
  const auto deliveries = town.deliveries(document.id);
  REQUIRE(deliveries.size() == 2);
  town.answer_of(deliveries[0], ReceiptStatus::stored);
  CHECK(town.documents(batch).at(0).state == DocumentState::owed);
  CHECK(town.now(batch).state == BatchState::released);
  town.answer_of(deliveries[1], ReceiptStatus::stored);
  CHECK(town.documents(batch).at(0).state == DocumentState::receipted);
  CHECK(town.now(batch).state == BatchState::finished);
}

TEST_CASE("a document that is sent back is reissued to another department under a new id") {
  Town town;
  const auto batch = town.released();
  town.seal_asked();
  const auto old = town.documents(batch).at(0);
  const auto first = town.deliveries(old.id).at(0);
  town.answer_of(first, ReceiptStatus::returned);
  REQUIRE(town.open_questions().size() == 1);
  const auto question = town.open_questions()[0];
  CHECK(question.reason == "sent_back");
  CHECK(question.body.at("values").at("why") == "wrong department");
  const auto after = town.flow->answer({question.id, "reissue", {{"department", "bauamt"}}, "mm", {}});
  if (!after) FAIL(after.error().message());
  const auto documents = town.documents(batch);
  REQUIRE(documents.size() == 2);
  CHECK(documents[0].state == DocumentState::superseded);
  CHECK(documents[1].department == "bauamt");
  CHECK(documents[1].supersedes == old.id);
  CHECK(town.asked.sealed == std::vector{documents[1].id});
  town.seal_asked();
  const auto second = town.deliveries(documents[1].id).at(0);
  CHECK(nlohmann::json::parse(second.manifest).at("data").at("document").at("supersedes") == first.id);
  town.answer_of(second, ReceiptStatus::stored);
  CHECK(town.now(batch).state == BatchState::finished);
}

TEST_CASE("a document that is sent back can be withdrawn, then its batch is finished") {
  Town town;
  const auto batch = town.released();
  town.seal_asked();
  town.answer_of(town.deliveries(town.documents(batch).at(0).id).at(0), ReceiptStatus::rejected);
  const auto question = town.open_questions().at(0);
  CHECK(town.flow->answer({question.id, "withdraw", nlohmann::json::object(), "mm", {}}).error().code ==
        Errc::invalid_input);
  const auto after = town.flow->answer({question.id, "withdraw", {{"reason", "advertising"}}, "mm", {}});
  REQUIRE(after);
  CHECK(after->state == BatchState::finished);
  CHECK(town.documents(batch).at(0).state == DocumentState::withdrawn);
}

TEST_CASE("one answer settles a document that two recipients have sent back") {
  Town town;
  const auto batch = town.owed_invoice();
  for (const auto& row : town.deliveries(town.documents(batch).at(0).id))
    town.answer_of(row, ReceiptStatus::returned);
  REQUIRE(town.open_questions().size() == 2);
  REQUIRE(town.flow->answer({town.open_questions()[1].id, "reissue", nlohmann::json::object(), "mm", {}}));
  CHECK(town.open_questions().empty());
  town.seal_asked();
  for (const auto& row : town.deliveries(town.documents(batch).at(1).id))
    town.answer_of(row, ReceiptStatus::stored);
  CHECK(town.now(batch).state == BatchState::finished);
}

TEST_CASE("a recipient that sends back what was replaced meanwhile asks nothing more") {
  Town town;
  const auto batch = town.owed_invoice();
  const auto old = town.deliveries(town.documents(batch).at(0).id);
  town.answer_of(old[0], ReceiptStatus::returned);
  REQUIRE(town.flow->answer({town.open_questions().at(0).id, "reissue", nlohmann::json::object(), "mm", {}}));
  WorkThread core;
  intake::CatalogueOutbox outbox(
      core, *town.catalogue, *town.contents, town.clock,
      [&](auto& transaction, const auto& delivery, const auto& receipt) {
        return town.flow->record_answer(transaction, delivery, receipt);
      },
      [] {});
  const auto late = receipt_for(old[1], ReceiptStatus::returned);
  CHECK(outbox.record_receipt(old[1].recipient, late, town.clock.now()).value() ==
        delivery::ReceiptOutcome::duplicate);
  CHECK(town.open_questions().empty());
  CHECK(town.catalogue->deliveries().find(old[1].id).value()->state == archive::kWithdrawn);
}

TEST_CASE("a seal that fails holds the document until a person has it tried again") {
  Town town;
  const auto batch = town.released();
  const auto document = town.documents(batch).at(0).id;
  REQUIRE(town.flow->record_seal_failure(document, Error{Errc::corrupt, "a side was changed"}));
  CHECK(town.documents(batch).at(0).state == DocumentState::held);
  CHECK(town.flow->seal_order(document).error().code == Errc::illegal_state);
  town.asked.sealed.clear();
  auto question = town.open_questions().at(0);
  CHECK(question.reason == "seal_failed");
  REQUIRE(town.flow->answer({question.id, "retry", nlohmann::json::object(), "mm", question.version}));
  CHECK(town.asked.sealed == std::vector{document});
  town.asked.sealed.clear();
  REQUIRE(town.flow->record_seal_failure(document, Error{Errc::corrupt, "still changed"}));
  REQUIRE(town.open_questions().size() == 1);
  CHECK(town.open_questions()[0].id == question.id);
  REQUIRE(town.flow->answer({question.id, "retry", nlohmann::json::object(), "mm", {}}));
  town.seal_asked();
  CHECK(town.documents(batch).at(0).state == DocumentState::owed);
}

TEST_CASE("a document is sealed once, a second seal is refused and leaves nothing") {
  Town town;
  const auto batch = town.released();
  const auto document = town.documents(batch).at(0).id;
  const auto sealed = town.seal(document);
  const auto again = town.flow->record_sealed(sealed);
  REQUIRE_FALSE(again);
  CHECK(again.error().code == Errc::illegal_state);
  CHECK(town.deliveries(document).size() == 1);
}
