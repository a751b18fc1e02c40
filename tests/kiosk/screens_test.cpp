#include "daemon/base/log.h"
#include "drivers/virtual/payment/terminal_server.h"
#include "ocr/paper/text_document.h"
#include "tests/kiosk/kiosk_scene.h"

using namespace mailroom;
using namespace mailroom::test;

/// The screens in Debian's Chromium, within the network of the scene.
TEST_CASE("the kiosk's screens lead from the first touch to the receipt, in every language", "[kiosk]") {
  KioskScene scene;
  if (!scene.runs()) return;
  if (!std::filesystem::exists("/usr/bin/chromium")) {
    std::cout << "[skipped] chromium is not installed\n";
    return;
  }
  SystemClock clock;
  payment::TerminalScript script;
  script.pace = std::chrono::milliseconds(300);  // long enough to be looked at
  auto journal = payment::TerminalJournal::open(scene.folder.path() / "journal");
  REQUIRE(journal);
  const auto terminal = payment::TerminalServer::start("127.0.0.1:0", *std::move(journal), script, clock);
  REQUIRE(terminal);
  const auto letter = scene.folder.path() / "Bescheid.pdf";
  const std::vector<ocr::TextBlock> words = {{ocr::TextBlock::Kind::title, "Ihr Antrag ist bewilligt"}};
  KioskScene::write(letter, ocr::text_document_pdf(words, "Bescheid", "Bescheid").value());
  scene.open("127.0.0.1:" + std::to_string((*terminal)->port()), "idle_seconds = 30\n",
             {"--reply", "citizen-matter=" + letter.string()});
  scene.lay(scene.country.personalise());
  scene.type("123456");
  scene.put_into_feeder();
  const auto outcome =
      shell("MAILROOM_KIOSK_URL='" + scene.url() + "/?kiosk=foyer' MAILROOM_KIOSK_FEEDER='" +
            scene.mailroom().feeder("foyer").string() + "' MAILROOM_KIOSK_STACK='" +
            (scene.folder.path() / "paper").string() + "' MAILROOM_KIOSK_KEYPAD='" + socket_path() +
            ".keypad' MAILROOM_SOURCE='" + source_path("") + "' MAILROOM_BUILD='" + build_path("") + "' " +
            MAILROOM_NODE + " --test " + source_path("tests/kiosk/screens_test.mjs") + " 2>&1");
  INFO(outcome.output);
  CHECK(outcome.code == 0);
}
