#include "daemon/archive/meta.h"
#include "daemon/archive/undelivered.h"
#include "daemon/base/uuid.h"
#include "daemon/intake/catalogue_outbox.h"
#include "tests/intake/house.h"

using namespace mailroom;
using namespace mailroom::test;
using namespace std::chrono_literals;
using delivery::ReceiptOutcome;
using delivery::ReceiptStatus;

namespace {

/// Two letters owed to a recipient that answers one and never the other.
struct Choking : House {
  Choking() {
    for (auto* row : {&bad, &good}) {
      const auto batch = released(1);
      seal_asked();
      *row = deliveries(documents(batch).at(0).id).at(0);
      batches.push_back(batch);
    }
  }
  void attempt(const archive::DeliveryRow& row) {
    clock.advance(1min);
    REQUIRE(outbox.record_attempt(row.id, clock.now(), clock.now() + 1min));
  }
  archive::DeliveryRow again(const archive::DeliveryRow& row) {
    return catalogue->deliveries().find(row.id).value().value();
  }
  /// The recipient answers something else, as it does all day.
  void answer_another() {
    const auto batch = released(1);
    seal_asked();
    const auto row = deliveries(documents(batch).at(0).id).at(0);
    clock.advance(1s);
    REQUIRE(outbox.record_receipt("ecm", receipt_for(row), clock.now()).value() == ReceiptOutcome::accepted);
  }
  void choke() {
    attempt(bad);
    for (int i = 0; i < intake::kPassedOver; ++i) {
      answer_another();
      attempt(bad);
    }
  }

  archive::DeliveryRow bad;
  archive::DeliveryRow good;
  std::vector<archive::Batch> batches;
  WorkThread core;
  intake::CatalogueOutbox outbox{
      core,
      *catalogue,
      *contents,
      clock,
      [this](auto& transaction, const auto& delivery, const auto& receipt) {
        return flow->record_answer(transaction, delivery, receipt);
      },
      [] {},
      [this](auto& transaction, const auto& delivery) { return flow->record_dead(transaction, delivery); }};
};

}  // namespace

TEST_CASE("a recipient that is away for days makes no delivery dead") {
  Choking house;
  for (int i = 0; i < 300; ++i) {
    house.attempt(house.bad);
    house.clock.advance(15min);
  }
  CHECK(house.again(house.bad).state == archive::kOwed);
  CHECK(house.outbox.record_receipt("ecm", receipt_for(house.bad), house.clock.now()).value() ==
        ReceiptOutcome::accepted);
}

TEST_CASE("a delivery that a living recipient passes over again and again becomes a question") {
  Choking house;
  house.choke();
  CHECK(house.again(house.bad).state == archive::kDead);
  CHECK(house.outbox.unreceipted("ecm").value() == 0);
  REQUIRE(house.open_questions().size() == 1);
  const auto question = house.open_questions()[0];
  CHECK(question.reason == "unanswered");
  SECTION("it is sent again by the answer") {
    REQUIRE(house.flow->answer({question.id, "resend", nlohmann::json::object(), "anna", {}}));
    CHECK(house.again(house.bad).state == archive::kOwed);
    CHECK(house.open_questions().empty());
  }
  SECTION("it is sent again by hand") {
    REQUIRE(house.flow->resend(house.bad.id, "anna"));
    CHECK(house.again(house.bad).state == archive::kOwed);
    CHECK(house.open_questions().empty());
    CHECK(house.outbox.due("ecm", house.clock.now(), 10).value().size() >= 1);
  }
  SECTION("the recipient answers after all") {
    CHECK(house.outbox.record_receipt("ecm", receipt_for(house.bad), house.clock.now()).value() ==
          ReceiptOutcome::accepted);
    CHECK(house.open_questions().empty());
    CHECK(house.now(house.batches[0]).state == BatchState::finished);
  }
  SECTION("it is withdrawn, and nobody sends it any more") {
    REQUIRE(house.flow->answer({question.id, "withdraw", {{"reason", "sent by letter"}}, "anna", {}}));
    CHECK(house.again(house.bad).state == archive::kWithdrawn);
    CHECK(house.now(house.batches[0]).state == BatchState::finished);
    CHECK(house.flow->resend(house.bad.id, "anna").error().code == Errc::illegal_state);
  }
}

TEST_CASE("a recipient that answers with wrong digests for ever is a question as well") {
  Choking house;
  auto wrong = receipt_for(house.bad);
  wrong.contents[0].sha256 = std::string(64, '0');
  for (int i = 0; i < intake::kPassedOver; ++i) {
    CHECK(house.outbox.record_receipt("ecm", wrong, house.clock.now()).value() ==
          ReceiptOutcome::digest_mismatch);
  }
  CHECK(house.again(house.bad).state == archive::kDead);
  CHECK(house.open_questions().size() == 1);
}

TEST_CASE("what is withdrawn from one recipient is not sent to the others either") {
  House house;
  const auto batch = house.released(1, "invoices");
  house.seal_asked();
  const auto rows = house.deliveries(house.documents(batch).at(0).id);
  REQUIRE(rows.size() == 2);
  auto transaction = house.catalogue->database().begin().value();
  REQUIRE(
      house.catalogue->deliveries().conclude(rows[0].id, archive::kRejected, "", "{}", house.clock.now()));
  REQUIRE(house.flow->record_answer(transaction, rows[0], receipt_for(rows[0], ReceiptStatus::rejected)));
  REQUIRE(transaction.commit());
  const auto question = house.open_questions().at(0);
  REQUIRE(house.flow->answer({question.id, "withdraw", {{"reason", "paid already"}}, "anna", {}}));
  CHECK(house.deliveries(house.documents(batch).at(0).id)[1].state == archive::kWithdrawn);
}

TEST_CASE("only a restored appliance keeps what recipients tell of deliveries it does not know") {
  Choking house;
  auto lost = receipt_for(house.good);
  lost.id = new_uuid(house.clock);
  CHECK(house.outbox.record_receipt("ecm", lost, house.clock.now()).value() == ReceiptOutcome::unknown_id);
  REQUIRE(archive::set_meta(house.catalogue->database(), archive::kGeneration, "2"));
  CHECK(house.outbox.record_receipt("payment", receipt_for(house.good), house.clock.now()).value() ==
        ReceiptOutcome::unknown_id);
  for (int i = 0; i < 2; ++i)
    CHECK(house.outbox.record_receipt("ecm", lost, house.clock.now()).value() == ReceiptOutcome::duplicate);
  const auto held = archive::Undelivered(house.catalogue->database()).held_elsewhere().value();
  REQUIRE(held.size() == 1);
  CHECK(held[0].record == "A-1");
}
