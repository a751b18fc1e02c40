#include "ocr/paper/text_document.h"
#include "tests/kiosk/kiosk_scene.h"

using namespace mailroom;
using namespace mailroom::test;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

json attachment(const fs::path& pdf, const std::string& name) {
  return json::parse(shell("qpdf --show-attachment=" + name + " " + pdf.string()).output, nullptr, false);
}

/// The names of all files below `folder` in which one of the words stands.
std::string files_with(const fs::path& folder, const std::vector<std::string>& words) {
  std::string command = "grep -rlaF";
  for (const auto& word : words) command += " -e '" + word + "'";
  return shell(command + " " + folder.string() + " || true").output;
}

std::string value_of(const json& manifest, const std::string& name) {
  for (const auto& field : manifest["data"]["document"]["fields"]) {
    if (field["name"] == name) return field["value"];
  }
  return {};
}

}  // namespace

TEST_CASE("what a citizen hands in arrives at the office, and nobody else can read it", "[kiosk]") {
  KioskScene scene;
  if (!scene.runs()) return;
  scene.open();
  scene.lay(scene.country.personalise());
  scene.put_into_feeder();
  scene.begin("resident-parking");
  scene.fill_in_plate();
  scene.identify();
  CHECK(scene.sees()["identity"]["state"] == "done");
  scene.scan("registration");
  const json proof = scene.sees()["proofs"][0];
  INFO(proof.dump());
  REQUIRE(proof["state"] == "scanned");
  CHECK(proof["sides"].size() == 1);  // the empty back is nobody's proof
  const auto picture =
      scene.ask("GET", "/visit/proofs/registration/sides/1/picture?small=1", nullptr, scene.token);
  CHECK(picture.status == 200);
  CHECK(picture.body.rfind("\xFF\xD8", 0) == 0);

  const json done = scene.does("POST", "/visit/hand-in", {{"pay", "later"}});
  REQUIRE(done["handed_in"]["done"] == true);
  const std::string tracking = done["handed_in"]["tracking"];
  CHECK(done["payment"]["state"] == "later");
  CHECK(scene.ask("GET", "/visit/receipt", nullptr, scene.token).body.rfind("%PDF", 0) == 0);
  CHECK(scene.ask("GET", "/visit/code?of=payment", nullptr, scene.token).body.rfind("<svg", 0) == 0);
  scene.does("PUT", "/visit/opinion", {{"easy", 5}});
  scene.leave();

  const auto package = scene.opened_package();
  REQUIRE_FALSE(package.empty());
  const json matter = attachment(package, "matter.json");
  CHECK(matter["tracking"] == tracking);
  CHECK(matter["details"]["plate"] == "MR-XY 987");
  CHECK(matter["proofs"][0]["sides"].size() == 1);
  const json manifest = e2e::json_of(scene.mailroom().deliveries("ecm").back() / "manifest.json");
  CHECK(manifest["data"]["document"]["class"] == "citizen-matter");
  CHECK(manifest["data"]["document"]["department"] == "ordnungsamt");
  CHECK(value_of(manifest, "tracking") == tracking);
  CHECK(value_of(manifest, "payment") == "later");
  REQUIRE(e2e::eventually([&] { return scene.mailroom().deliveries("payment").size() == 1; }));
  const json payment = e2e::json_of(scene.mailroom().deliveries("payment").back() / "manifest.json");
  CHECK(value_of(payment, "amount") == "30.70");
  CHECK(value_of(payment, "kassenzeichen") == value_of(manifest, "kassenzeichen"));

  REQUIRE(e2e::eventually([&] { return scene.mailroom().findings().empty(); }));
  CHECK(files_with(scene.mailroom().root(), {"MUSTERMANN", "ERIKA", "HEIDESTRASSE", "MR-XY 987"}) == "");
}

TEST_CASE("who leaves before handing in leaves nothing behind", "[kiosk]") {
  KioskScene scene;
  if (!scene.runs()) return;
  scene.open();
  scene.lay(scene.country.personalise());
  scene.put_into_feeder();
  scene.begin("resident-parking");
  scene.fill_in_plate();
  scene.identify();
  scene.scan("registration");
  const std::string token = scene.token;
  scene.leave();
  const auto gone = scene.ask("GET", "/visit", nullptr, token);
  CHECK(gone.status == 410);
  CHECK(gone.json()["error"]["code"] == "gone");
  CHECK(scene.mailroom().ask("batches")["batches"].empty());
  CHECK(fs::is_empty(scene.mailroom().data() / "kiosk"));
  CHECK(files_with(scene.mailroom().root(), {"MUSTERMANN", "ERIKA", "HEIDESTRASSE", "MR-XY 987"}) == "");
}

TEST_CASE("a proof that is on file is not asked for again", "[kiosk]") {
  KioskScene scene;
  if (!scene.runs()) return;
  scene.open();
  scene.lay(scene.country.personalise());
  scene.put_into_feeder();
  scene.begin("resident-parking");
  scene.fill_in_plate();
  scene.identify();
  CHECK_FALSE(scene.sees()["proofs"][0].contains("earlier"));
  scene.scan("registration");
  const std::string first = scene.does("POST", "/visit/hand-in", {{"pay", "later"}})["handed_in"]["tracking"];
  scene.leave();
  REQUIRE_FALSE(scene.opened_package().empty());

  scene.begin("resident-parking");
  scene.fill_in_plate();
  scene.identify();
  CHECK(scene.sees()["proofs"][0]["earlier"]["tracking"] == first);
  scene.does("PUT", "/visit/proofs/registration/earlier");
  CHECK(scene.does("POST", "/visit/hand-in", {{"pay", "later"}})["handed_in"]["done"] == true);
  scene.leave();
  const auto package = scene.opened_package(2);
  REQUIRE_FALSE(package.empty());
  const json proof = attachment(package, "matter.json")["proofs"][0];
  CHECK(proof["earlier"]["tracking"] == first);
  CHECK(proof["earlier"]["digest"].get<std::string>().size() == 64);
}

TEST_CASE("an answer of the office is read only by who handed the matter in", "[kiosk]") {
  KioskScene scene;
  if (!scene.runs()) return;
  const auto letter = scene.folder.path() / "Bewilligung.pdf";
  const std::vector<ocr::TextBlock> words = {{ocr::TextBlock::Kind::title, "Ihr Antrag ist GEHEIMBEWILLIGT"}};
  KioskScene::write(letter, ocr::text_document_pdf(words, "Bescheid", "Bescheid").value());
  scene.open("", "", {"--reply", "citizen-matter=" + letter.string()});
  scene.lay(scene.country.personalise());
  scene.begin("certificate-of-conduct");
  scene.identify();
  const std::string tracking =
      scene.does("POST", "/visit/hand-in", {{"pay", "later"}})["handed_in"]["tracking"];
  scene.leave();

  scene.token.clear();
  scene.token = scene.does("POST", "/visits", {{"language", "de"}})["visit"];
  json found;
  REQUIRE(e2e::eventually([&] {
    found = scene.does("PUT", "/visit/tracking", {{"tracking", tracking}})["tracking"];
    return found["answers"] == 1;
  }));
  CHECK(found["opened"].empty());
  CHECK(found["status"].front()["step"] == "handed_in");
  CHECK(scene.ask("GET", "/visit/answers/1/pages/1", nullptr, scene.token).status == 422);
  scene.identify();
  const json opened = scene.sees()["tracking"]["opened"];
  INFO(opened.dump());
  REQUIRE(opened.size() == 1);
  CHECK(opened[0]["title"] == "Bewilligung");
  CHECK(opened[0]["pages"] == 1);
  const auto page = scene.ask("GET", "/visit/answers/1/pages/1", nullptr, scene.token);
  CHECK(page.body.rfind("\xFF\xD8", 0) == 0);
  scene.leave();
  CHECK(files_with(scene.mailroom().data(), {"MUSTERMANN", "GEHEIMBEWILLIGT", "Bewilligung"}) == "");
}

TEST_CASE("a card that is refused says why, and the citizen may try again", "[kiosk]") {
  KioskScene scene;
  if (!scene.runs()) return;
  scene.open();
  scene.lay(scene.country.personalise());
  scene.begin("certificate-of-conduct");
  scene.identify("999999");
  const json refused = scene.sees()["identity"];
  CHECK(refused["state"] == "failed");
  CHECK(refused["fault"] == "wrong_pin");
  CHECK(refused["tries_left"] == 2);
  scene.identify();
  CHECK(scene.sees()["identity"]["state"] == "done");
}

TEST_CASE("nothing is handed in that is not complete", "[kiosk]") {
  KioskScene scene;
  if (!scene.runs()) return;
  scene.open();
  scene.begin("resident-parking");
  const auto refused = scene.ask("POST", "/visit/hand-in", {{"pay", "later"}}, scene.token);
  CHECK(refused.status == 409);
  const auto wrong = scene.ask("PUT", "/visit/details", {{"details", {{"plate", "no plate"}}}}, scene.token);
  CHECK(wrong.status == 422);
  CHECK(wrong.json()["error"]["fields"] == json::array({"plate"}));
  CHECK(scene.ask("GET", "/visit", nullptr, std::string(32, 'a')).status == 410);
  CHECK(scene.ask("PUT", "/visit/tracking", {{"tracking", "MR-0000-0000-0000-0000"}}, scene.token).status ==
        404);
  if (fs::exists("/usr/bin/espeak-ng")) {
    const auto sound = scene.ask("POST", "/visit/speech", {{"text", "Guten Tag"}}, scene.token);
    INFO(sound.body.substr(0, 200));
    CHECK(sound.status == 200);
    CHECK(sound.body.rfind("RIFF", 0) == 0);
  }
  scene.does("POST", "/help");
  CHECK(scene.sees()["help"] == "called");
}
