#include "tests/kiosk/kiosk_scene.h"

using namespace mailroom;
using namespace mailroom::test;
using nlohmann::json;

TEST_CASE("a citizen identifies at a reader of the kiosk's own computer", "[kiosk]") {
  KioskScene scene;
  if (!scene.runs()) return;
  scene.far_reader = true;
  scene.open();
  scene.lay(scene.country.personalise());
  scene.put_into_feeder();
  scene.begin("resident-parking");
  scene.fill_in_plate();
  scene.identify();
  CHECK(scene.sees()["identity"]["state"] == "done");
  scene.scan("registration");
  const json done = scene.does("POST", "/visit/hand-in", {{"pay", "later"}});
  REQUIRE(done["handed_in"]["done"] == true);
  scene.leave();

  const auto package = scene.opened_package();
  REQUIRE_FALSE(package.empty());
  CHECK(shell("qpdf --show-attachment=identity.p7m " + package.string() + " | wc -c").output != "0\n");
  CHECK(scene.mailroom().findings().empty());
}

TEST_CASE("a kiosk whose computer is switched off says so, and reads again when it is back", "[kiosk]") {
  KioskScene scene;
  if (!scene.runs()) return;
  scene.far_reader = true;
  scene.open();
  scene.lay(scene.country.personalise());
  scene.computer().kill();
  scene.await_reader("lost");
  scene.begin("resident-parking");
  scene.identify();
  CHECK(scene.sees()["identity"]["state"] == "failed");
  scene.leave();

  scene.switch_on();
  scene.await_reader("ok");
  scene.begin("resident-parking");
  scene.identify();
  CHECK(scene.sees()["identity"]["state"] == "done");
  scene.leave();
}
