#include "tests/drivers/card/card_process_scene.h"
#include "tests/drivers/card/tampered_card.h"

using namespace mailroom;
using namespace mailroom::card;
using namespace mailroom::test;

namespace {

/// Names of all functions of a program, as nm shows them.
std::string symbols_of(const std::string& program) {
  FILE* pipe = ::popen(("nm -C " + program).c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string text;
  char part[4096];
  while (const std::size_t got = std::fread(part, 1, sizeof part, pipe)) text.append(part, got);
  REQUIRE(::pclose(pipe) == 0);
  return text;
}

}  // namespace

TEST_CASE("the process of a release takes no PIN by software", "[card]") {
  ProcessScene scene;
  if (!scene.runs()) return;
  auto& genuine = scene.keep<EidCard>(scene.country.personalise());
  auto& card = scene.keep<TamperedCard>(genuine);
  scene.insert(card);
  const auto papers = scene.country.issue({kiosk_rights()});
  const auto setup = scene.write_terminal(ReadingMode::kiosk, papers);
  auto process = CardProcess::start(ProcessScene::program("mailroom-card-of-release"),
                                    {{"--reader", PrivatePcscd::kFirstReader, "--terminal", setup}});
  REQUIRE(process);
  const auto with_a_pin = process->read(scene.request(ReadingMode::kiosk));
  REQUIRE_FALSE(with_a_pin);
  CHECK(with_a_pin.error().fault == EidFault::keypad_needed);
  auto without = scene.request(ReadingMode::kiosk);
  without.pin.clear();
  CHECK(process->read(without).error().fault == EidFault::keypad_needed);
  CHECK(card.commands == 0);  // nothing was tried
}

TEST_CASE("a release build holds no code that takes a PIN by software", "[card]") {
  // The program is built here from the same sources and with the same options as a release builds
  // mailroom-card.
  const std::string of_tests = symbols_of(ProcessScene::program());
  const std::string of_release = symbols_of(ProcessScene::program("mailroom-card-of-release"));
  CHECK(of_tests.find("SoftwarePin") != std::string::npos);
  CHECK(of_release.find("SoftwarePin") == std::string::npos);
  CHECK(of_release.find("run_pace") != std::string::npos);  // the list is one of this program

  const auto presets = nlohmann::json::parse(text_of(source_path("CMakePresets.json")));
  int releases = 0;
  for (const auto& preset : presets["configurePresets"]) {
    if (preset["name"] != "release") continue;
    ++releases;
    CHECK(preset["cacheVariables"]["MAILROOM_SOFTWARE_PIN"] == "OFF");
  }
  CHECK(releases == 1);
}
