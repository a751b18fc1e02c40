#include "tests/intake/house.h"

using namespace mailroom;
using namespace mailroom::test;
using Actions = std::vector<std::string>;

TEST_CASE("a batch goes from its first sheet to a released document, every step audited") {
  House house;
  const auto batch = house.open(2);
  CHECK(batch.state == BatchState::feeding);
  house.take_sheets(batch, 2);
  CHECK(house.asked.read.size() == 4);
  CHECK(house.now(batch).sheets == 2);
  REQUIRE(house.flow->end_feed(batch.id, House::feed_of(2)));
  CHECK(house.now(batch).state == BatchState::closed);
  CHECK(house.documents(batch).empty());
  house.read_all(batch);
  CHECK(house.now(batch).state == BatchState::released);
  const auto documents = house.documents(batch);
  REQUIRE(documents.size() == 1);
  CHECK(documents[0].state == DocumentState::released);
  CHECK(documents[0].number == batch.number + "-1");
  CHECK(documents[0].pages.size() == 4);
  CHECK(house.asked.sealed == std::vector{documents[0].id});
  CHECK(house.actions(batch.id) == Actions{"batch.opened", "batch.closed", "batch.released"});
}

TEST_CASE("the audit of an opened batch says who asked on the socket") {
  House house;
  const auto batch = house.open();
  const auto entries = archive::read_audit(house.catalogue->database(), batch.id).value();
  REQUIRE(entries.size() == 1);
  CHECK(entries[0].record.actor == "operator:mm");
  CHECK(entries[0].record.details.at("caller") == "uid:7");
}

TEST_CASE("a profile that does not exist opens nothing") {
  House house;
  const auto opened = house.flow->open({"virtual:one", "nonsense", "mm", 1, "", {}, ""});
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == Errc::not_found);
  CHECK(house.catalogue->batches().latest(10).value().empty());
}

TEST_CASE("a side that was taken already is a conflict and changes nothing") {
  House house;
  const auto batch = house.open();
  house.take(batch, 1, Side::front);
  const auto again = house.flow->take(batch.id, captured(1, Side::front, 99), 100);
  REQUIRE_FALSE(again);
  CHECK(again.error().code == Errc::conflict);
  CHECK(house.pages(batch).size() == 1);
}

TEST_CASE("a feed that was stopped closes the batch, sheets short of the declared number hold it") {
  House house;
  const auto batch = house.open(3);
  house.take_sheets(batch, 2);
  auto summary = House::feed_of(2, drivers::FeedEnd::stopped);
  summary.count.feeder_loaded = true;
  REQUIRE(house.flow->end_feed(batch.id, summary));
  house.read_all(batch);
  CHECK(house.now(batch).feed_end == "stopped");
  CHECK(house.now(batch).state == BatchState::held);
  REQUIRE(house.open_questions().size() == 1);
  CHECK(house.open_questions()[0].reason == "count_mismatch");
}

TEST_CASE("a jam interrupts the batch, feeding goes on and nothing taken is lost") {
  House house;
  const auto batch = house.open(2);
  house.take_sheets(batch, 1);
  REQUIRE(house.flow->end_feed(batch.id, House::jam_after(1)));
  CHECK(house.now(batch).state == BatchState::interrupted);
  CHECK(house.now(batch).feed_end == "paper_jam");
  const auto resumed = house.flow->reopen(batch.id, "mm").value();
  CHECK(resumed.state == BatchState::feeding);
  CHECK(resumed.sheets == 1);
  CHECK(resumed.fault.empty());
  house.take(batch, 2, Side::front);
  house.take(batch, 2, Side::back);
  REQUIRE(house.flow->end_feed(batch.id, House::feed_of(1)));
  house.read_all(batch);
  CHECK(house.now(batch).device_sheets == 2);
  CHECK(house.now(batch).state == BatchState::released);
}

TEST_CASE("an interrupted batch asks a person, whose confirmation releases it") {
  House house;
  const auto batch = house.open(1);
  house.take_sheets(batch, 1);
  REQUIRE(house.flow->end_feed(batch.id, House::jam_after(1)));
  house.read_all(batch);
  REQUIRE(house.open_questions().size() == 1);
  CHECK(house.open_questions()[0].reason == "feed_fault");
  const auto after =
      house.flow->answer({house.open_questions()[0].id, "confirm", nlohmann::json::object(), "mm", {}});
  REQUIRE(after);
  CHECK(after->state == BatchState::released);
  CHECK(house.open_questions().empty());
}

TEST_CASE("a feed that fails before its first sheet leaves a discarded batch") {
  House house;
  const auto batch = house.open();
  REQUIRE(house.flow->abandon(batch.id, Error{Errc::feeder_empty, "no paper"}));
  CHECK(house.now(batch).state == BatchState::discarded);
  CHECK(house.now(batch).feed_end == "feeder_empty");
}

TEST_CASE("a resumed feed that fails at once leaves the batch interrupted with its sheets") {
  House house;
  const auto batch = house.open(1);
  house.take_sheets(batch, 1);
  REQUIRE(house.flow->end_feed(batch.id, House::jam_after(1)));
  REQUIRE(house.flow->reopen(batch.id, "mm"));
  REQUIRE(house.flow->abandon(batch.id, Error{Errc::busy, "busy"}));
  CHECK(house.now(batch).state == BatchState::interrupted);
  CHECK(house.pages(batch).size() == 2);
}

TEST_CASE("a page is read again when a worker dies on it, the second death is a clarification") {
  House house;
  const auto batch = house.open(1);
  house.take_sheets(batch, 1);
  REQUIRE(house.flow->end_feed(batch.id, House::feed_of(1)));
  const auto pages = house.pages(batch);
  REQUIRE(house.flow->record_reading(pages[1].id, read_as(true)));
  house.asked.read.clear();
  REQUIRE(house.flow->record_reading(pages[0].id, fail(Errc::crashed, "the worker died")));
  CHECK(house.asked.read == std::vector{pages[0].id});
  CHECK(house.now(batch).state == BatchState::closed);
  REQUIRE(house.flow->record_reading(pages[0].id, fail(Errc::timed_out, "the worker was killed")));
  CHECK(house.asked.read.size() == 1);
  CHECK(house.now(batch).state == BatchState::held);
  REQUIRE(house.open_questions().size() == 1);
  CHECK(house.open_questions()[0].reason == "page_ended_workers");
  REQUIRE(house.flow->answer(
      {house.open_questions()[0].id, "accept_as_content", nlohmann::json::object(), "mm", {}}));
  CHECK(house.now(batch).state == BatchState::released);
  house.seal_asked();
}

TEST_CASE("bytes that cannot be decoded are a clarification at once") {
  House house;
  const auto batch = house.open(1);
  house.take_sheets(batch, 1);
  REQUIRE(house.flow->end_feed(batch.id, House::feed_of(1)));
  const auto pages = house.pages(batch);
  REQUIRE(house.flow->record_reading(pages[0].id, fail(Errc::corrupt, "cut off")));
  REQUIRE(house.flow->record_reading(pages[1].id, read_as(true)));
  REQUIRE(house.open_questions().size() == 1);
  CHECK(house.open_questions()[0].reason == "page_unreadable");
}

TEST_CASE("a reading that comes twice is recorded once") {
  House house;
  const auto batch = house.released();
  const auto page = house.pages(batch)[0];
  REQUIRE(house.flow->record_reading(page.id, fail(Errc::corrupt, "late")));
  CHECK_FALSE(house.pages(batch)[0].failure);
  CHECK(house.documents(batch).size() == 1);
}

TEST_CASE("an answer is refused when it is not permitted, out of date or given already") {
  House house;
  const auto batch = house.open(5);
  house.take_sheets(batch, 1);
  REQUIRE(house.flow->end_feed(batch.id, House::feed_of(1)));
  house.read_all(batch);
  const auto question = house.open_questions().at(0);
  const nlohmann::json sheets = {{"sheets", "1"}};
  CHECK(house.flow->answer({question.id, "withdraw", nlohmann::json::object(), "mm", {}}).error().code == Errc::refused);
  CHECK(house.flow->answer({question.id, "confirm_count", {{"sheets", 1}}, "mm", question.version + 1})
            .error()
            .code == Errc::conflict);
  CHECK(house.flow->answer({question.id, "confirm_count", {{"sheets", 1}}, "", {}}).error().code ==
        Errc::invalid_input);
  CHECK(house.flow->answer({"nobody", "confirm", {}, "mm", {}}).error().code == Errc::not_found);
  CHECK(house.now(batch).state == BatchState::held);
  const auto after =
      house.flow->answer({question.id, "confirm_count", {{"sheets", 1}}, "mm", question.version});
  if (!after) FAIL(after.error().message());
  CHECK(after->state == BatchState::released);
  CHECK(house.flow->answer({question.id, "confirm_count", {{"sheets", 1}}, "mm", {}}).error().code ==
        Errc::illegal_state);
}

TEST_CASE("a batch is given up by a person, but not while it is fed nor after its release") {
  House house;
  const auto batch = house.open(5);
  house.take_sheets(batch, 1);
  CHECK(house.flow->discard(batch.id, "mm", "wrong stack").error().code == Errc::illegal_state);
  REQUIRE(house.flow->end_feed(batch.id, House::feed_of(1)));
  house.read_all(batch);
  REQUIRE(house.open_questions().size() == 1);
  CHECK(house.flow->discard(batch.id, "mm", "wrong stack").value().state == BatchState::discarded);
  CHECK(house.open_questions().empty());
  CHECK(house.pages(batch).size() == 2);
  const auto other = house.released();
  CHECK(house.flow->discard(other.id, "mm", "too late").error().code == Errc::illegal_state);
  CHECK(house.now(other).state == BatchState::released);
}

TEST_CASE("discarding by answer releases nothing") {
  House house;
  const auto batch = house.open(5);
  house.take_sheets(batch, 1);
  REQUIRE(house.flow->end_feed(batch.id, House::feed_of(1)));
  house.read_all(batch);
  const auto question = house.open_questions().at(0);
  const auto after = house.flow->answer({question.id, "discard_batch", {{"reason", "fed twice"}}, "mm", {}});
  REQUIRE(after);
  CHECK(after->state == BatchState::discarded);
  CHECK(house.documents(batch).empty());
  CHECK(house.asked.sealed.empty());
}

TEST_CASE("a step that the state does not allow names both states and changes nothing") {
  House house;
  const auto batch = house.released();
  const auto reopened = house.flow->reopen(batch.id, "mm");
  REQUIRE_FALSE(reopened);
  CHECK(reopened.error().code == Errc::illegal_state);
  CHECK(reopened.error().what.find("released") != std::string::npos);
  CHECK(reopened.error().what.find("feeding") != std::string::npos);
  CHECK(house.flow->end_feed(batch.id, House::feed_of(1)).error().code == Errc::illegal_state);
  CHECK(house.now(batch).state == BatchState::released);
}

TEST_CASE("quality control is refused to the person who fed the stack, at the station and on the command line") {
  House house;
  house.configuration.classes.at("letter").quality_percent = 100;
  const auto batch = house.released(1);
  REQUIRE(batch.state == BatchState::held);
  const auto question = house.open_questions().at(0);
  CHECK(question.reason == "gate_quality_control");
  const auto nothing = nlohmann::json::object();
  CHECK(house.flow->answer({question.id, "confirm", nothing, "mm", {}}).error().code == Errc::refused);
  const auto key = house.flow->look(batch.id).value().assembly.documents.at(0).key;
  CHECK(house.flow->check_quality({batch.id, batch.version, key, "accept", {}, {}, "mm"}).error().code ==
        Errc::refused);
  const auto after = house.flow->answer({question.id, "confirm", nothing, "another", {}});
  REQUIRE(after);
  CHECK(after->state == BatchState::released);
}
