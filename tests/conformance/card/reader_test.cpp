// What every card reader must do (drivers/card/card_reader.h): the virtual ones here, and any that is
// connected when MAILROOM_CARD_READER names it, with a card in it.

#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>

#include "tests/drivers/card/reading_scene.h"

using namespace mailroom;
using namespace mailroom::card;
using namespace mailroom::test;

namespace {

const CommandApdu kSelectMaster{0x00, 0xA4, 0x00, 0x0C, {0x3F, 0x00}};
const CommandApdu kNoSuchInstruction{0x00, 0xFE, 0x00, 0x00};

/// A reader in whom there is a card.
void holds_one_card(CardReaders& readers, const std::string& name) {
  const auto sights = readers.look();
  REQUIRE(sights);
  bool seen = false;
  for (const auto& sight : *sights) {
    if (sight.name != name) continue;
    seen = true;
    CHECK(sight.card);
    CHECK_FALSE(sight.atr.empty());
  }
  REQUIRE(seen);
}

/// Commands get answers, and a refusal is one.
void answers_commands(CardReaders& readers, const std::string& name) {
  const auto card = readers.connect(name);
  REQUIRE(card);
  CHECK((*card)->transmit(kSelectMaster));
  const auto refused = (*card)->transmit(kNoSuchInstruction);
  REQUIRE(refused);
  CHECK_FALSE(refused->ok());
  CHECK(refused->data.empty());
}

/// One holder at a time; the next gets the card as soon as it is let go.
void is_held_by_one(CardReaders& readers, const std::string& name) {
  {
    const auto first = readers.connect(name);
    REQUIRE(first);
    const auto others = pcsc_readers();
    const auto second = others->connect(name);
    REQUIRE_FALSE(second);
    CHECK(second.error().code == Errc::busy);
  }
  CHECK(readers.connect(name));
}

void refuses_pace_without_a_keypad(CardReaders& readers, const std::string& name) {
  const auto card = readers.connect(name);
  REQUIRE(card);
  if ((*card)->has_keypad()) return;
  const auto pace = (*card)->establish_pace({PasswordKind::pin});
  REQUIRE_FALSE(pace);
  CHECK(pace.error().code == Errc::unsupported);
}

void knows_no_other_reader(CardReaders& readers) {
  const auto card = readers.connect("No such reader");
  REQUIRE_FALSE(card);
  CHECK(card.error().code == Errc::not_found);
}

void conforms(CardReaders& readers, const std::string& name) {
  holds_one_card(readers, name);
  answers_commands(readers, name);
  is_held_by_one(readers, name);
  refuses_pace_without_a_keypad(readers, name);
  knows_no_other_reader(readers);
}

}  // namespace

TEST_CASE("the virtual reader does what every card reader must", "[card]") {
  ReadingScene scene;
  if (!scene.runs()) return;
  auto& card = scene.keep<EidCard>(scene.country.personalise());
  scene.insert(card);
  conforms(*scene.readers, PrivatePcscd::kFirstReader);

  // Without a card, and when it goes while it is held.
  auto held = scene.readers->connect(PrivatePcscd::kFirstReader);
  REQUIRE(held);
  scene.slot.remove();
  const auto lost = (*held)->transmit(kSelectMaster);
  REQUIRE_FALSE(lost);
  CHECK(lost.error().code == Errc::device_lost);
  REQUIRE(scene.wait_for(false));
  held->reset();  // while it is held the reader is busy, card or not
  CHECK(scene.readers->connect(PrivatePcscd::kFirstReader).error().code == Errc::device_lost);

  scene.pcscd.stop();
  CHECK(scene.readers->look().error().code == Errc::unreachable);
  scene.pcscd.start();
  CHECK(scene.wait_for(false));
}

TEST_CASE("a connected card reader does what every card reader must", "[card]") {
  const char* name = std::getenv("MAILROOM_CARD_READER");
  if (name == nullptr) {
    std::cout << "[skipped] MAILROOM_CARD_READER names no connected card reader\n";
    return;
  }
  const auto readers = pcsc_readers();
  conforms(*readers, name);
}
