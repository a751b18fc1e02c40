#include <fstream>

#include "tests/intake/house.h"

using namespace mailroom;
using namespace mailroom::test;

TEST_CASE("a restart interrupts what was feeding and reads what was not read") {
  House house;
  const auto batch = house.open(2);
  house.take_sheets(batch, 1);
  REQUIRE(house.spool.store({batch.id, 2, Side::front, ImageFormat::jpeg}, as_bytes("never taken")));
  house.restart();
  REQUIRE(house.flow->recover());
  CHECK(house.now(batch).state == BatchState::interrupted);
  CHECK(house.now(batch).feed_end == "crashed");
  CHECK(house.asked.read.size() == 2);
  CHECK_FALSE(std::filesystem::exists(house.spool.path_of({batch.id, 2, Side::front})));
  const auto actions = house.actions(batch.id);
  CHECK(std::count(actions.begin(), actions.end(), "batch.untaken_set_aside") == 1);
  CHECK(std::count(actions.begin(), actions.end(), "batch.interrupted") == 1);
}

TEST_CASE("a start that is cut off while it sets files aside has named them in the audit before") {
  House house;
  const auto batch = house.open(2);
  house.take_sheets(batch, 1);
  REQUIRE(house.spool.store({batch.id, 2, Side::front, ImageFormat::jpeg}, as_bytes("never taken")));
  const auto digest = sha256_hex(as_bytes("never taken"));
  const auto in_the_way =
      house.spool.folder_of(batch.id) / "untaken" / (digest.substr(0, 12) + "-00002-front.jpg");
  std::filesystem::create_directories(in_the_way);
  house.restart();
  CHECK_FALSE(house.flow->recover());
  CHECK(house.actions(batch.id).back() == "batch.untaken_set_aside");
  CHECK(std::filesystem::exists(house.spool.path_of({batch.id, 2, Side::front})));
  std::filesystem::remove(in_the_way);
  house.restart();
  REQUIRE(house.flow->recover());
  CHECK_FALSE(std::filesystem::exists(house.spool.path_of({batch.id, 2, Side::front})));
}

TEST_CASE("a closed batch whose pages were all read is assembled after a restart") {
  House house;
  const auto batch = house.open(1);
  house.take_sheets(batch, 1);
  REQUIRE(house.flow->end_feed(batch.id, House::feed_of(1)));
  // Read behind the flow's back: the crash came between the report and the assembly.
  for (const auto& page : house.pages(batch))
    REQUIRE(house.catalogue->pages().record_report(page.id, read_as(page.image.side == Side::back)));
  house.restart();
  REQUIRE(house.flow->recover());
  CHECK(house.now(batch).state == BatchState::released);
  CHECK(house.asked.sealed.size() == 1);
}

TEST_CASE("a held batch is held by the same clarification after a restart") {
  House house;
  const auto batch = house.open(5);
  house.take_sheets(batch, 1);
  REQUIRE(house.flow->end_feed(batch.id, House::feed_of(1)));
  house.read_all(batch);
  const auto before = house.open_questions();
  REQUIRE(before.size() == 1);
  house.restart();
  REQUIRE(house.flow->recover());
  const auto after = house.open_questions();
  REQUIRE(after.size() == 1);
  CHECK(after[0].id == before[0].id);
  CHECK(after[0].version == before[0].version);
  CHECK(house.now(batch).state == BatchState::held);
}

TEST_CASE("a released document is sealed after a restart, half a seal is put aside") {
  House house;
  const auto batch = house.released();
  const auto document = house.documents(batch).at(0).id;
  const auto left = house.contents->put(as_bytes("a PDF whose rows were never written")).value();
  house.restart();
  REQUIRE(house.flow->recover());
  CHECK(house.asked.sealed == std::vector{document});
  CHECK_FALSE(house.contents->contains(left));
  CHECK(std::filesystem::exists(house.path() / "unowned" / left));
  house.seal_asked();
  house.restart();
  REQUIRE(house.flow->recover());
  CHECK(house.asked.sealed.empty());
  CHECK(house.documents(batch).at(0).state == DocumentState::owed);
}

TEST_CASE("a restart leaves finished and discarded batches alone, and a second one changes nothing") {
  House house;
  const auto gone = house.open();
  house.take(gone, 1, Side::front);
  REQUIRE(house.flow->end_feed(gone.id, House::feed_of(1)));
  REQUIRE(house.flow->discard(gone.id, "mm", "wrong stack"));
  const auto batch = house.open(2);
  house.take_sheets(batch, 1);
  house.restart();
  REQUIRE(house.flow->recover());
  CHECK(house.asked.read.size() == 2);
  const auto head = archive::audit_head(house.catalogue->database()).value();
  house.restart();
  REQUIRE(house.flow->recover());
  CHECK(archive::audit_head(house.catalogue->database()).value() == head);
  CHECK(house.now(gone).state == BatchState::discarded);
}

TEST_CASE("a start is refused in clear words while a batch needs a profile that was taken away") {
  House house;
  const auto batch = house.open(5);
  house.take_sheets(batch, 1);
  REQUIRE(house.flow->end_feed(batch.id, House::feed_of(1)));
  house.read_all(batch);
  house.configuration.profiles.erase("post");
  house.restart();
  const auto recovered = house.flow->recover();
  REQUIRE_FALSE(recovered);
  CHECK(recovered.error().code == Errc::not_found);
  CHECK(recovered.error().message().find("'post'") != std::string::npos);
  CHECK(recovered.error().message().find(batch.number) != std::string::npos);
}

TEST_CASE("an unfinished batch goes on under another configuration, and the audit says so") {
  House house;
  const auto batch = house.open(5);
  house.take_sheets(batch, 1);
  REQUIRE(house.flow->end_feed(batch.id, House::feed_of(1)));
  house.configuration.digest = std::string(64, 'c');
  house.restart();
  REQUIRE(house.flow->recover());
  CHECK(house.now(batch).config_digest == std::string(64, 'c'));
  const auto actions = house.actions(batch.id);
  CHECK(std::count(actions.begin(), actions.end(), "batch.configuration_changed") == 1);
}

TEST_CASE("a start is refused while a document waits for the seal of a class that was taken away") {
  House house;
  const auto batch = house.released();
  house.configuration.classes.erase(house.documents(batch).at(0).document_class);
  house.restart();
  const auto recovered = house.flow->recover();
  REQUIRE_FALSE(recovered);
  CHECK(recovered.error().message().find(house.documents(batch).at(0).number) != std::string::npos);
}

TEST_CASE("a sheet whose back was not taken is given back after a restart and fed again whole") {
  House house;
  const auto batch = house.open(2);
  house.take_sheets(batch, 1);
  house.take(batch, 2, Side::front);
  house.restart();
  REQUIRE(house.flow->recover());
  CHECK(house.now(batch).sheets == 1);
  CHECK(house.pages(batch).size() == 2);
  CHECK_FALSE(std::filesystem::exists(house.spool.path_of({batch.id, 2, Side::front})));
  REQUIRE(house.flow->reopen(batch.id, "mm"));
  house.take(batch, 2, Side::front);
  house.take(batch, 2, Side::back);
  REQUIRE(house.flow->end_feed(batch.id, House::feed_of(1)));
  house.read_all(batch);
  CHECK(house.now(batch).state == BatchState::released);
  CHECK_FALSE(house.now(batch).device_sheets.has_value());  // it counted the second feed only
}

TEST_CASE("a jam on the back gives the sheet back when the batch is resumed") {
  House house;
  const auto batch = house.open(2);
  house.take_sheets(batch, 1);
  house.take(batch, 2, Side::front);
  REQUIRE(house.flow->end_feed(batch.id, House::jam_after(2)));
  const auto resumed = house.flow->reopen(batch.id, "mm");
  REQUIRE(resumed);
  CHECK(resumed->sheets == 1);
  const auto actions = house.actions(batch.id);
  CHECK(std::count(actions.begin(), actions.end(), "batch.half_sheet_given_back") == 1);
  // The reading of the side that was given back comes late and changes nothing.
  REQUIRE(house.flow->record_reading(house.asked.read.back(), read_as(false)));
  CHECK(house.pages(batch).size() == 2);
}
