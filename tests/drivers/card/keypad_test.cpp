#include "drivers/card/eid/authentication.h"
#include "tests/drivers/card/keypad_scene.h"

using namespace mailroom;
using namespace mailroom::card;
using namespace mailroom::test;

TEST_CASE("at a reader with a keypad a release reads with a PIN that its process never sees", "[card]") {
  KeypadScene scene;
  if (!scene.runs()) return;
  auto& card = scene.keep<EidCard>(scene.country.personalise());
  KeypadSlot slot(socket_path());
  slot.insert(card);
  const std::string reader = scene.reader();
  REQUIRE_FALSE(reader.empty());
  const auto papers = scene.country.issue({kiosk_rights()});
  const auto setup = scene.write_terminal(ReadingMode::kiosk, papers);
  auto process = CardProcess::start(ProcessScene::program("mailroom-card-of-release"),
                                    {{"--reader", reader, "--terminal", setup}});
  REQUIRE(process);
  auto request = scene.request(ReadingMode::kiosk);
  request.pin.clear();
  const auto outcome = [&] {
    const auto sealed = process->read(request);
    return sealed ? std::string("read")
                  : std::string(name_of(sealed.error().fault)) + " " + sealed.error().error.message();
  };
  const auto begins = [](const std::string& text, const char* word) {
    INFO(text);
    return text.rfind(word, 0) == 0;
  };

  slot.type("123456");
  const auto first = process->read(request);
  INFO((first ? std::string() : first.error().error.message()));
  REQUIRE(first);
  const auto record = decrypt_with(first->sealed, scene.recipient);
  REQUIRE(record);
  CHECK(nlohmann::json::parse(as_text(*record))["data"]["family_names"] == "MUSTERMANN");

  slot.type("cancel");
  CHECK(begins(outcome(), "entry_cancelled"));
  slot.type("");
  CHECK(begins(outcome(), "entry_timed_out"));
  CHECK(card.personalisation().passwords.pin_tries == 3);
  slot.type("999999");
  CHECK(begins(outcome(), "wrong_pin"));
  CHECK(begins(outcome(), "pin_suspended"));
  slot.type("123456");
  CHECK(begins(outcome(), "pin_suspended"));
  request.can = "222222";  // the CAN opens the last try, the PIN is typed again
  CHECK(outcome() == "read");
  CHECK(card.personalisation().passwords.pin_tries == 3);
}
