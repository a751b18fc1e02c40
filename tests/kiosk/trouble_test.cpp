#include "drivers/virtual/payment/terminal_server.h"
#include "tests/kiosk/kiosk_scene.h"

using namespace mailroom;
using namespace mailroom::test;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

/// A visit of a matter whose proof has at most four sides, as far as its proofs.
void come_to_proofs(KioskScene& scene) {
  scene.begin("resident-parking");
  scene.fill_in_plate();
  scene.identify();
  REQUIRE(scene.sees()["identity"]["state"] == "done");
}

json proof(KioskScene& scene) {
  return scene.sees()["proofs"][0];
}

bool is_gone(KioskScene& scene, const std::string& reason) {
  const auto answer = scene.ask("GET", "/visit", nullptr, scene.token);
  return answer.status == 410 && answer.json()["error"]["reason"] == reason;
}

}  // namespace

TEST_CASE("a card that cannot be used is refused with its own reason", "[kiosk]") {
  KioskScene scene;
  if (!scene.runs()) return;
  scene.open();
  const auto refused = [&](card::Personalisation personal) {
    scene.take_card();
    scene.lay(std::move(personal));
    scene.begin("hand-in-proof");
    scene.identify();
    const json reading = scene.sees()["identity"];
    CHECK(scene.ask("POST", "/visit/hand-in", json::object(), scene.token).status == 409);
    scene.leave();
    return reading["state"] == "failed" ? reading["fault"].get<std::string>() : "read";
  };
  auto expired = scene.country.personalise();
  expired.groups[3] = card::data_group(3, "20200131");
  CHECK(refused(std::move(expired)) == "card_expired");
  auto off = scene.country.personalise();
  off.passwords.pin_active = false;
  CHECK(refused(std::move(off)) == "pin_deactivated");
  auto blocked = scene.country.personalise();
  blocked.passwords.pin_tries = 0;
  CHECK(refused(std::move(blocked)) == "pin_blocked");
  TestCountry elsewhere;
  CHECK(refused(elsewhere.personalise()) != "read");
  CHECK(refused(scene.country.personalise()) == "read");
}

TEST_CASE("blank pages are no proof, and more pages than a proof may have are not taken", "[kiosk]") {
  KioskScene scene;
  if (!scene.runs()) return;
  scene.open();
  scene.lay(scene.country.personalise());
  come_to_proofs(scene);
  scene.scan("registration");
  CHECK(proof(scene)["fault"] == "no_paper");

  scene.put({{}, {}});
  scene.scan("registration");
  CHECK(proof(scene)["fault"] == "all_blank");
  CHECK(proof(scene)["state"] == "open");
  CHECK(scene.ask("POST", "/visit/hand-in", {{"pay", "later"}}, scene.token).status == 409);

  scene.put(e2e::plain_letters(30));
  scene.scan("registration");
  CHECK(proof(scene)["fault"] == "too_many");
  CHECK(proof(scene)["sides"].size() == 4);
  scene.does("DELETE", "/visit/proofs/registration/sides/2");
  CHECK(proof(scene)["sides"].size() == 3);
  scene.does("DELETE", "/visit/proofs/registration/sides");
  CHECK(proof(scene)["state"] == "open");
}

TEST_CASE("a jam in front of a citizen keeps what is done, and the rest is added", "[kiosk]") {
  KioskScene scene;
  if (!scene.runs()) return;
  scene.scanner_lines = "fault = 2:jam";
  scene.open();
  scene.lay(scene.country.personalise());
  come_to_proofs(scene);
  scene.put(e2e::plain_letters(3));
  scene.scan("registration");
  CHECK(proof(scene)["fault"] == "paper_jam");
  CHECK(proof(scene)["sides"].size() == 1);
  scene.scan("registration");
  CHECK_FALSE(proof(scene).contains("fault"));
  CHECK(proof(scene)["sides"].size() == 3);
  CHECK(scene.does("POST", "/visit/hand-in", {{"pay", "later"}})["handed_in"]["done"] == true);
}

TEST_CASE("who takes the card or walks away at any step is forgotten", "[kiosk]") {
  KioskScene scene;
  if (!scene.runs()) return;
  scene.open();
  scene.lay(scene.country.personalise());
  for (int step = 0; step < 5; ++step) {
    scene.begin("resident-parking");
    if (step > 0) scene.fill_in_plate();
    if (step > 1) scene.identify();
    if (step > 2) scene.put_into_feeder();
    if (step > 3) scene.scan("registration");
    scene.leave();
    CHECK(is_gone(scene, "ended"));
  }
  come_to_proofs(scene);
  scene.take_card();
  CHECK(e2e::eventually([&] { return is_gone(scene, "card_removed"); }));
  CHECK(scene.mailroom().ask("batches")["batches"].empty());
  CHECK(fs::is_empty(scene.mailroom().data() / "kiosk"));
}

TEST_CASE("a broker that is away keeps nobody from handing in", "[kiosk]") {
  KioskScene scene;
  if (!scene.runs()) return;
  scene.open();
  scene.lay(scene.country.personalise());
  scene.mailroom().broker().kill();
  REQUIRE(
      e2e::eventually([&] { return scene.ask("GET", "/state").json()["works"]["delivery"] == "waiting"; }));
  scene.begin("hand-in-proof");
  scene.does("PUT", "/visit/details", {{"details", {{"file", "3300-2026-00417"}}}});
  scene.identify();
  scene.put_into_feeder();
  scene.scan("paper");
  const json done = scene.does("POST", "/visit/hand-in");
  CHECK(done["handed_in"]["done"] == true);
  CHECK(done["handed_in"]["delivery"] == "waiting");
  scene.leave();
  scene.mailroom().start_broker();
  CHECK_FALSE(scene.opened_package().empty());
}

TEST_CASE("a payment that nobody can tell of is settled by a person", "[kiosk]") {
  KioskScene scene;
  if (!scene.runs()) return;
  SystemClock clock;
  payment::TerminalScript script;
  script.pace = std::chrono::milliseconds(20);
  script.payments = {payment::Behaviour::drops_before_booking};
  auto journal = payment::TerminalJournal::open(scene.folder.path() / "journal");
  REQUIRE(journal);
  auto terminal = payment::TerminalServer::start("127.0.0.1:0", *std::move(journal), script, clock);
  REQUIRE(terminal);
  scene.open("127.0.0.1:" + std::to_string((*terminal)->port()));
  scene.lay(scene.country.personalise());
  scene.begin("certificate-of-conduct");
  scene.identify();
  scene.does("POST", "/visit/hand-in", {{"pay", "card"}});
  // A terminal that has never booked anything cannot tell that it has not booked this.
  const json seen = scene.until([](const json& visit) { return visit["payment"]["state"] != "running"; });
  INFO(seen.dump());
  REQUIRE(seen["payment"]["state"] == "unknown");
  scene.leave();
  CHECK_FALSE(fs::is_empty(scene.mailroom().data() / "kiosk"));
  const json open = scene.mailroom().ask("payments")["payments"];
  REQUIRE(open.size() == 1);
  CHECK(scene.mailroom().ctl("end-day foyer --operator anna").code != 0);
  REQUIRE(
      scene.mailroom().ctl("settle-payment " + open[0]["id"].get<std::string>() + " --operator anna").code ==
      0);
  CHECK(fs::is_empty(scene.mailroom().data() / "kiosk"));
  CHECK(scene.mailroom().ask("payments")["payments"].empty());
  CHECK(scene.mailroom().ctl("end-day foyer --operator anna").code == 0);
  CHECK(scene.mailroom().findings().empty());
}
