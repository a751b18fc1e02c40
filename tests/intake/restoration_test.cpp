#include "daemon/intake/restoration.h"

#include "daemon/archive/meta.h"
#include "tests/intake/house.h"

using namespace mailroom;
using namespace mailroom::test;

namespace {

/// A house with a batch in each state that matters, whose catalogue is then restored.
struct Restored : House {
  Restored() {
    sealed = released();
    seal_asked();
    unsealed = released();
    held = open(5);
    take_sheets(held, 1);
    REQUIRE(flow->end_feed(held.id, feed_of(1)));
    read_all(held);
    feeding = open(3);
    take_sheets(feeding, 1);
    backup_at = to_rfc3339(clock.now());
    clock.advance(std::chrono::hours(49));
    const auto done = intake::open_new_generation(*catalogue, backup_at, clock);
    if (!done) FAIL(done.error().message());
    restoration = *done;
    restart();
    REQUIRE(flow->recover());
  }
  std::vector<std::string> questions(const archive::Batch& batch) {
    std::vector<std::string> reasons;
    for (const auto& row : open_questions()) {
      if (row.batch == batch.id) reasons.push_back(row.reason);
    }
    std::sort(reasons.begin(), reasons.end());
    return reasons;
  }
  archive::Batch sealed, unsealed, held, feeding;
  std::string backup_at;
  intake::Restoration restoration;
};
using Reasons = std::vector<std::string>;

}  // namespace

TEST_CASE("a restored appliance sends what is owed again and asks about what was at work") {
  Restored house;
  CHECK(house.restoration.owed == 1);
  CHECK(house.restoration.doubtful == 3);
  CHECK(house.deliveries(house.documents(house.sealed).at(0).id).at(0).attempts == 0);
  CHECK(house.asked.sealed.empty());
  CHECK(house.documents(house.unsealed).at(0).state == DocumentState::held);
  CHECK(house.questions(house.unsealed) == Reasons{"restored_unsealed"});
  CHECK(house.questions(house.held) == Reasons{"count_mismatch", "restored"});
  CHECK(house.now(house.feeding).state == BatchState::interrupted);
  const auto question = house.open_questions();
  for (const auto& row : question) {
    if (row.reason == "restored_unsealed")
      REQUIRE(house.flow->answer({row.id, "retry", nlohmann::json::object(), "anna", {}}));
  }
  REQUIRE(house.asked.sealed.size() == 1);
  house.seal_asked();
  CHECK(house.documents(house.unsealed).at(0).state == DocumentState::owed);
}

TEST_CASE("a batch that was at work is released only after a person has looked") {
  Restored house;
  for (const auto& row : house.open_questions()) {
    if (row.batch != house.held.id || row.reason != "count_mismatch") continue;
    REQUIRE(house.flow->answer({row.id, "confirm_count", {{"sheets", 1}}, "anna", {}}));
  }
  CHECK(house.now(house.held).state == BatchState::held);
  const auto left = house.questions(house.held);
  REQUIRE(left == Reasons{"restored"});
  for (const auto& row : house.open_questions()) {
    if (row.batch == house.held.id)
      REQUIRE(house.flow->answer({row.id, "confirm", nlohmann::json::object(), "anna", {}}));
  }
  CHECK(house.now(house.held).state == BatchState::released);
}

TEST_CASE("short numbers leave a gap and each restore is a generation of its own") {
  Restored house;
  const auto fresh = house.open();
  CHECK(std::stoi(fresh.number.substr(3)) > 4 + 3 * 2000);
  const auto again = intake::open_new_generation(*house.catalogue, house.backup_at, house.clock).value();
  CHECK(again.generation > house.restoration.generation);
  CHECK(archive::verify_audit_chain(house.catalogue->database(), {}));
}
