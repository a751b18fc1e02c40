#include <thread>

#include "daemon/base/child_process.h"
#include "daemon/crypto/identity.h"
#include "tests/drivers/card/card_process_scene.h"

using namespace mailroom;
using namespace mailroom::card;
using namespace mailroom::test;
using namespace std::chrono_literals;

namespace {

/// A kiosk's own computer: its link serves the reader of the scene.
struct KioskComputer {
  KioskComputer(const std::filesystem::path& folder, const std::string& setup) : identities(folder) {
    std::filesystem::create_directories(identities);
    IdentityPlan plan{"Muster", "Test", {}};
    plan.scan_computers.emplace("kiosk", "127.0.0.1");
    REQUIRE(set_up_identities(identities, plan));
    auto started = ChildProcess::start(
        {ProcessScene::program("mailroom-card-link"),
         {"serve", "--port", port, "--identities", identities.string(), "--as", "scan-kiosk", "--program",
          ProcessScene::program(), "--reader", PrivatePcscd::kFirstReader, "--terminal", setup}});
    REQUIRE(started);
    process = *std::move(started);
    std::this_thread::sleep_for(300ms);
  }
  [[nodiscard]] Result<CardProcess> connect(const std::string& as) const {
    return CardProcess::start(ProcessScene::program("mailroom-card-link"),
                              {{"connect", "--port", port, "--identities", identities.string(), "--as", as}});
  }

  std::string port = "6571";  // in a network namespace of its own
  std::filesystem::path identities;
  ChildProcess process;
};

}  // namespace

TEST_CASE("a reader at a kiosk's own computer is read over mutual TLS, by the daemon alone", "[card]") {
  ProcessScene scene;
  if (!scene.runs()) return;
  auto& card = scene.keep<EidCard>(scene.country.personalise());
  scene.insert(card);
  const auto papers = scene.country.issue({kiosk_rights()});
  KioskComputer kiosk(scene.folder.path() / "identities", scene.write_terminal(ReadingMode::kiosk, papers));

  auto reader = kiosk.connect("node");
  REQUIRE(reader);
  const auto sealed = reader->read(scene.request(ReadingMode::kiosk));
  INFO((sealed ? std::string() : sealed.error().error.message()));
  REQUIRE(sealed);
  const auto record = decrypt_with(sealed->sealed, scene.recipient);
  REQUIRE(record);
  CHECK(nlohmann::json::parse(as_text(*record))["data"]["family_names"] == "MUSTERMANN");

  // Another identity of the same authority is not let in.
  auto stranger = kiosk.connect("broker");
  REQUIRE(stranger);
  CHECK(stranger->read(scene.request(ReadingMode::kiosk)).error().fault == EidFault::crashed);

  // The computer is switched off in the middle.
  // At its first word: at a later one the answer may be on the line already.
  const auto broken =
      reader->read(scene.request(ReadingMode::kiosk), [&](std::string_view) { kiosk.process.kill(); });
  REQUIRE_FALSE(broken);
  CHECK(broken.error().fault == EidFault::crashed);
}
