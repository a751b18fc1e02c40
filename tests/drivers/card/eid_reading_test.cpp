#include <chrono>

#include "tests/drivers/card/reading_scene.h"

using namespace mailroom;
using namespace mailroom::card;
using namespace mailroom::test;

TEST_CASE("a kiosk reads an identity card with the PIN", "[card]") {
  ReadingScene scene;
  if (!scene.runs()) return;
  auto& card = scene.keep<EidCard>(scene.country.personalise());
  scene.insert(card);
  const auto papers = scene.country.issue({kiosk_rights()});
  MemoryKey key(papers.terminal.key);
  const auto terminal = scene.country.terminal(ReadingMode::kiosk, papers, key);
  auto order = with_pin();
  const std::string cologne = "0276";
  order.question.community = Bytes(cologne.begin(), cologne.end());

  std::vector<std::string> steps;
  const auto begun = std::chrono::steady_clock::now();
  const auto reading = scene.read(terminal, order, [&](std::string_view step) { steps.emplace_back(step); });
  const auto took = std::chrono::steady_clock::now() - begun;

  INFO((reading ? std::string() : reading.error().error.message()));
  REQUIRE(reading);
  CHECK(reading->kind == CardKind::identity_card);
  CHECK(reading->data["given_names"] == "ERIKA");
  CHECK(reading->data["family_names"] == "MUSTERMANN");
  CHECK(reading->data["born"] == "1964-08-12");
  CHECK(reading->data["place_of_birth"]["text"] == "BERLIN");
  CHECK(reading->data["residence"]["city"] == "K\xC3\x96LN");
  CHECK(reading->data["residence"]["postcode"] == "51147");
  CHECK(reading->old_enough == true);
  CHECK(reading->in_community == true);
  REQUIRE(reading->pseudonym);
  CHECK(reading->pseudonym->size() == 64);
  CHECK_FALSE(reading->data.contains("community"));  // was not asked for
  CHECK(steps == std::vector<std::string>{"card_access", "pace_pin", "terminal_authentication",
                                          "passive_authentication", "chip_authentication", "validity", "data"});
  CHECK(took < std::chrono::milliseconds(2500));
  std::cout << "from PIN to data: " << std::chrono::duration_cast<std::chrono::milliseconds>(took).count() << " ms\n";
}
