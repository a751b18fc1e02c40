#include <cstdlib>
#include <ctime>

#include "daemon/base/uuid.h"
#include "daemon/intake/catalogue_outbox.h"
#include "tests/intake/house.h"

using namespace mailroom;
using namespace mailroom::test;
using namespace std::chrono_literals;

namespace {

/// Everything in the audit is linked, and its numbers follow each other.
void check_audit(House& house) {
  const auto proven = archive::verify_audit_chain(house.catalogue->database(), {});
  if (!proven) FAIL(proven.error().message());
}

Timestamp moment(const char* text) {
  return from_rfc3339(text).value();
}

}  // namespace

TEST_CASE("a clock that goes back an hour is in the audit, and the chain and the ids stay in order") {
  House house;
  const auto before = house.released();
  house.clock.advance(-1h);
  const auto after = house.released();
  CHECK(after.id > before.id);
  CHECK(after.number > before.number);
  check_audit(house);
  const auto entries = archive::read_audit(house.catalogue->database(), "").value();
  CHECK(std::count_if(entries.begin(), entries.end(),
                      [](const auto& entry) { return entry.record.action == "clock.went_back"; }) == 1);
  CHECK(house.asked.sealed.size() == 2);
  house.seal_asked();
  check_audit(house);
}

TEST_CASE("ids of a process that starts with a clock set back come after those in the catalogue") {
  const ManualClock tomorrow(SystemClock().now() + std::chrono::hours(24));
  const std::string id = new_uuid(tomorrow);
  // A new process knows nothing of the clock before: as if by another program.
  const std::string later = "01b00000-0000-7fff-8000-000000000000";
  REQUIRE(later > id);
  new_uuids_follow(later);
  const std::string next = new_uuid(SystemClock());
  CHECK(next > later);
  CHECK(is_uuid7(next));
  new_uuids_follow("nonsense");
  CHECK(new_uuid(SystemClock()) > next);
}

TEST_CASE("a clock that goes back keeps nothing waiting, one that goes forward loses nothing") {
  House house;
  const auto batch = house.released();
  house.seal_asked();
  const auto row = house.deliveries(house.documents(batch).at(0).id).at(0);
  WorkThread core;
  intake::CatalogueOutbox outbox(
      core, *house.catalogue, *house.contents, house.clock,
      [&](auto& transaction, const auto& delivery, const auto& receipt) {
        return house.flow->record_answer(transaction, delivery, receipt);
      },
      [] {});
  REQUIRE(outbox.record_attempt(row.id, house.clock.now(), house.clock.now() + 15min));
  CHECK(outbox.due("ecm", house.clock.now() + 1min, 10).value().empty());
  CHECK(outbox.due("ecm", house.clock.now() - 1h, 10).value().size() == 1);
  CHECK(outbox.due("ecm", house.clock.now() + 24h, 10).value().size() == 1);
  house.clock.advance(24h);
  CHECK(outbox.record_receipt("ecm", receipt_for(row), house.clock.now()).value() ==
        delivery::ReceiptOutcome::accepted);
  house.clock.advance(-24h);
  CHECK(house.now(batch).state == BatchState::finished);
  check_audit(house);
}

TEST_CASE("the receipt stamp is the day on the wall, in summer time, in winter time and in between") {
  ::setenv("TZ", "Europe/Berlin", 1);
  ::tzset();
  const std::vector<std::pair<const char*, const char*>> days = {
      {"2026-07-01T21:59:59.000Z", "2026-07-01"}, {"2026-07-01T22:00:00.000Z", "2026-07-02"},
      {"2026-12-31T22:59:59.000Z", "2026-12-31"}, {"2026-12-31T23:00:00.000Z", "2027-01-01"},
      {"2026-03-29T00:59:59.000Z", "2026-03-29"}, {"2026-03-28T23:00:00.000Z", "2026-03-29"},
      {"2026-10-25T00:30:00.000Z", "2026-10-25"}, {"2026-10-25T01:30:00.000Z", "2026-10-25"},
      {"2026-10-25T23:00:00.000Z", "2026-10-26"}};
  House house;
  for (const auto& [utc, day] : days) {
    house.clock.advance(moment(utc) - house.clock.now());
    INFO(utc);
    CHECK(house.open().received.date == day);
  }
  check_audit(house);
}
