#include "tests/drivers/card/reading_scene.h"

using namespace mailroom;
using namespace mailroom::card;
using namespace mailroom::test;

namespace {

/// A kiosk with a card in it.
struct Kiosk : ReadingScene {
  Kiosk() : card(keep<EidCard>(country.personalise())), papers(country.issue({kiosk_rights()})), key(papers.terminal.key) {}

  EidResult<IdentityReading> read(const ReadOrder& order) {
    return ReadingScene::read(country.terminal(ReadingMode::kiosk, papers, key), order);
  }
  EidError refused(const ReadOrder& order) {
    auto reading = read(order);
    REQUIRE_FALSE(reading);
    return reading.error();
  }
  EidPasswords& passwords() { return card.personalisation().passwords; }

  EidCard& card;
  TerminalPapers papers;
  MemoryKey key;
};

ReadOrder with_can_and_pin(const std::string& can, const std::string& pin) {
  return {usual_question(), PacePassword::can(can), SoftwarePin::pin(pin)};
}

}  // namespace

TEST_CASE("a PIN goes from three tries to suspended, and the CAN opens the last one", "[card]") {
  Kiosk kiosk;
  if (!kiosk.runs()) return;
  kiosk.insert(kiosk.card);

  const auto first = kiosk.refused(with_pin("999999"));
  CHECK(first.fault == EidFault::wrong_pin);
  CHECK(first.tries == 2);
  const auto second = kiosk.refused(with_pin("999999"));
  CHECK(second.fault == EidFault::pin_suspended);
  CHECK(second.tries == 1);

  // Not tried any more, not even with the right one.
  CHECK(kiosk.refused(with_pin()).fault == EidFault::pin_suspended);
  CHECK(kiosk.passwords().pin_tries == 1);
  CHECK(kiosk.refused(with_can_and_pin("000000", "123456")).fault == EidFault::wrong_can);
  CHECK(kiosk.passwords().pin_tries == 1);

  const auto resumed = kiosk.read(with_can_and_pin("222222", "123456"));
  INFO((resumed ? std::string() : resumed.error().error.message()));
  REQUIRE(resumed);
  CHECK(resumed->data["family_names"] == "MUSTERMANN");
  CHECK(kiosk.passwords().pin_tries == 3);
}

TEST_CASE("two tries left are enough for the right PIN, which gives all three back", "[card]") {
  Kiosk kiosk;
  if (!kiosk.runs()) return;
  kiosk.insert(kiosk.card);
  kiosk.passwords().pin_tries = 2;
  REQUIRE(outcome_of(kiosk.read(with_pin())) == "read");
  CHECK(kiosk.passwords().pin_tries == 3);
}

TEST_CASE("a wrong PIN at the last try blocks it, and a blocked one is not asked for", "[card]") {
  Kiosk kiosk;
  if (!kiosk.runs()) return;
  kiosk.insert(kiosk.card);
  kiosk.passwords().pin_tries = 1;
  const auto last = kiosk.refused(with_can_and_pin("222222", "999999"));
  CHECK(last.fault == EidFault::pin_blocked);
  CHECK(last.tries == 0);
  CHECK(kiosk.refused(with_pin()).fault == EidFault::pin_blocked);
  CHECK(kiosk.refused(with_can_and_pin("222222", "123456")).fault == EidFault::pin_blocked);
}

TEST_CASE("a switched-off function and a PIN of the letter have their own refusals", "[card]") {
  Kiosk kiosk;
  if (!kiosk.runs()) return;
  kiosk.insert(kiosk.card);
  kiosk.passwords().pin_active = false;
  CHECK(kiosk.refused(with_pin()).fault == EidFault::pin_deactivated);
  kiosk.passwords().pin_active = true;

  CHECK(kiosk.refused(with_pin("12345")).fault == EidFault::transport_pin);
  CHECK(kiosk.passwords().pin_tries == 3);  // five digits never reach the card
  kiosk.passwords().transport = true;
  CHECK(kiosk.refused(with_pin()).fault == EidFault::transport_pin);
}

TEST_CASE("a wrong CAN is told from a right one and costs no try of the PIN", "[card]") {
  ReadingScene scene;
  if (!scene.runs()) return;
  auto& card = scene.keep<EidCard>(scene.country.personalise());
  scene.insert(card);
  const auto papers = scene.country.issue({counter_rights()});
  MemoryKey key(papers.terminal.key);
  const auto terminal = scene.country.terminal(ReadingMode::counter, papers, key);
  const auto wrong = scene.read(terminal, with_can("000000"));
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().fault == EidFault::wrong_can);
  const auto right = scene.read(terminal, with_can());
  INFO((right ? std::string() : right.error().error.message()));
  REQUIRE(right);
  CHECK(right->data["given_names"] == "ERIKA");
  CHECK(card.personalisation().passwords.pin_tries == 3);
}
