#include "daemon/intake/catalogue_outbox.h"

#include <algorithm>

#include "tests/intake/house.h"

using namespace mailroom;
using namespace mailroom::test;
using namespace std::chrono_literals;
using delivery::ReceiptOutcome;
using delivery::ReceiptStatus;

namespace {

/// A house whose outbox is asked as the delivery asks it, with a letter owed to ecm.
struct PostRoom : House {
  PostRoom() {
    batch = released(1);
    seal_asked();
    row = deliveries(documents(batch).at(0).id).at(0);
  }

  archive::Batch batch;
  archive::DeliveryRow row;
  int changes = 0;
  WorkThread core;
  intake::CatalogueOutbox outbox{core,
                                 *catalogue,
                                 *contents,
                                 clock,
                                 [this](auto& transaction, const auto& delivery, const auto& receipt) {
                                   return flow->record_answer(transaction, delivery, receipt);
                                 },
                                 [this] { ++changes; }};
  archive::DeliveryRow again() { return catalogue->deliveries().find(row.id).value().value(); }
};

}  // namespace

TEST_CASE("what was never sent is given out as fresh, what was sent when it is due again") {
  PostRoom room;
  const auto now = room.clock.now();
  auto due = room.outbox.due("ecm", now, 10).value();
  REQUIRE(due.size() == 1);
  CHECK(due[0].manifest == room.row.manifest);
  CHECK(due[0].attempts == 0);
  CHECK(room.outbox.due("ecm", now, 0).value().empty());
  CHECK(room.outbox.due("payment", now, 10).value().empty());
  CHECK_FALSE(room.outbox.next_due("ecm").value());
  REQUIRE(room.outbox.record_attempt(room.row.id, now, now + 5s));
  CHECK(room.outbox.unreceipted("ecm").value() == 1);
  CHECK(room.outbox.due("ecm", now, 10).value().empty());
  CHECK(room.outbox.next_due("ecm").value() == now + 5s);
  due = room.outbox.due("ecm", now + 5s, 0).value();
  REQUIRE(due.size() == 1);
  CHECK(due[0].attempts == 1);
}

TEST_CASE("what is sent in vain again and again keeps nothing new waiting, nor the other way round") {
  PostRoom room;
  std::vector<std::string> in_vain = {room.row.id};
  for (int i = 0; i < 3; ++i) {
    room.released(1);
    room.seal_asked();
  }
  const auto now = room.clock.now();
  const auto first = room.outbox.due("ecm", now, 2).value();
  for (const auto& fresh : first) in_vain.push_back(fresh.id);
  std::sort(in_vain.begin(), in_vain.end());
  in_vain.erase(std::unique(in_vain.begin(), in_vain.end()), in_vain.end());
  REQUIRE(in_vain.size() == 2);
  REQUIRE(room.outbox.record_attempt(in_vain[0], now, now + 2s));
  REQUIRE(room.outbox.record_attempt(in_vain[1], now, now + 1s));
  const auto due = room.outbox.due("ecm", now + 5s, 2).value();
  REQUIRE(due.size() == 4);
  CHECK(due[0].id == in_vain[1]);
  CHECK(due[1].attempts == 0);
  CHECK(due[2].id == in_vain[0]);
  CHECK(due[3].attempts == 0);
}

TEST_CASE("a receipt with every digest concludes the delivery, a second one is a duplicate") {
  PostRoom room;
  const auto receipt = receipt_for(room.row);
  CHECK(room.outbox.record_receipt("ecm", receipt, room.clock.now()).value() == ReceiptOutcome::accepted);
  CHECK(room.again().state == archive::kStored);
  CHECK(room.again().record == "A-1");
  CHECK(room.now(room.batch).state == BatchState::finished);
  CHECK(room.changes == 1);
  auto other = receipt;
  other.record = "A-2";
  CHECK(room.outbox.record_receipt("ecm", other, room.clock.now()).value() == ReceiptOutcome::duplicate);
  const auto rejected = receipt_for(room.row, ReceiptStatus::rejected);
  CHECK(room.outbox.record_receipt("ecm", rejected, room.clock.now()).value() == ReceiptOutcome::duplicate);
  CHECK(room.again().record == "A-1");
  CHECK(room.changes == 1);
}

TEST_CASE("another recipient can neither answer nor read nor comment what is owed to one") {
  PostRoom room;
  const auto content = receipt_for(room.row).contents.at(0).sha256;
  CHECK(room.outbox.record_receipt("payment", receipt_for(room.row), room.clock.now()).value() ==
        ReceiptOutcome::unknown_id);
  CHECK(room.outbox.record_progress("payment", {room.row.id, 1, "seen", ""}, room.clock.now()).value() ==
        false);
  CHECK_FALSE(room.outbox.content_size("payment", room.row.id, content).value());
  CHECK(room.outbox.content_block("payment", room.row.id, content, 0, 10).error().code == Errc::not_found);
  CHECK(room.again().state == archive::kOwed);
}

TEST_CASE("an id that was never owed is unknown") {
  PostRoom room;
  auto receipt = receipt_for(room.row);
  receipt.id = "00000000-0000-7000-8000-000000000000";
  CHECK(room.outbox.record_receipt("ecm", receipt, room.clock.now()).value() == ReceiptOutcome::unknown_id);
}

TEST_CASE("a receipt with a wrong, a missing or an extra digest changes nothing") {
  PostRoom room;
  auto wrong = receipt_for(room.row);
  wrong.contents[0].sha256 = std::string(64, '0');
  auto missing = receipt_for(room.row);
  missing.contents.pop_back();
  auto extra = receipt_for(room.row);
  extra.contents.push_back({"original", std::string(64, '1')});
  for (const auto& receipt : {wrong, missing, extra}) {
    CHECK(room.outbox.record_receipt("ecm", receipt, room.clock.now()).value() ==
          ReceiptOutcome::digest_mismatch);
  }
  CHECK(room.again().state == archive::kOwed);
  CHECK(room.documents(room.batch).at(0).state == DocumentState::owed);
  CHECK(room.changes == 0);
}

TEST_CASE("a document that is sent back opens a clarification in the same step") {
  PostRoom room;
  const auto receipt = receipt_for(room.row, ReceiptStatus::returned);
  CHECK(room.outbox.record_receipt("ecm", receipt, room.clock.now()).value() == ReceiptOutcome::accepted);
  CHECK(room.again().state == archive::kReturned);
  REQUIRE(room.open_questions().size() == 1);
  CHECK(room.outbox.unreceipted("ecm").value() == 0);
}

TEST_CASE("an attempt that is recorded after the receipt does not make it owed again") {
  PostRoom room;
  const auto now = room.clock.now();
  REQUIRE(room.outbox.record_receipt("ecm", receipt_for(room.row), now));
  CHECK(room.outbox.record_attempt(room.row.id, now, now + 5s));
  CHECK(room.again().state == archive::kStored);
  CHECK(room.outbox.due("ecm", now + 1h, 10).value().empty());
  CHECK(room.outbox.unreceipted("ecm").value() == 0);
  CHECK_FALSE(room.outbox.next_due("ecm").value());
}

TEST_CASE("progress is recorded once per number") {
  PostRoom room;
  for (int i = 0; i < 2; ++i) {
    CHECK(room.outbox.record_progress("ecm", {room.row.id, 1, "indexed", "filed"}, room.clock.now()).value());
  }
  CHECK_FALSE(room.outbox.record_progress("ecm", {"nobody", 1, "indexed", ""}, room.clock.now()).value());
}

TEST_CASE("a content is read in blocks that end with it") {
  PostRoom room;
  const auto content = receipt_for(room.row).contents.at(0).sha256;
  const auto size = room.outbox.content_size("ecm", room.row.id, content).value().value();
  const auto whole = room.contents->get(content).value();
  CHECK(size == whole.size());
  CHECK(room.outbox.content_block("ecm", room.row.id, content, 0, size).value() == whole);
  CHECK(room.outbox.content_block("ecm", room.row.id, content, size - 3, 100).value().size() == 3);
  CHECK(room.outbox.content_block("ecm", room.row.id, content, size + 1, 1).error().code ==
        Errc::invalid_input);
  CHECK_FALSE(room.outbox.content_size("ecm", room.row.id, std::string(64, '0')).value());
}

TEST_CASE("a dead letter is kept") {
  PostRoom room;
  REQUIRE(room.outbox.dead_letter(
      {"ecm", "from/ecm/receipt", "invalid_json", std::string(64, '0'), 1, {}, room.clock.now()}));
  CHECK(room.catalogue->deliveries().dead_letters().value() == 1);
}
