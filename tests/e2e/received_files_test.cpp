#include <catch2/catch.hpp>
#include <ctime>
#include <fstream>
#include <map>

#include "tests/e2e/evidence.h"
#include "tests/e2e/mailroom.h"
#include "tests/support/places.h"
#include "tests/support/text_file.h"

/// Electronic invoices on their whole way: from a folder to the payment system, whatever happens to the
/// daemon.
namespace mailroom::e2e {
namespace {

using nlohmann::json;
using test::source_path;

constexpr std::size_t kWholeName = 36;  // a UUID: the name of a delivery that is stored whole

std::string today() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::localtime_r(&now, &parts);
  char text[16];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%d", &parts)};
}

/// The electronic invoice of the sample run, dated today.
std::string xrechnung(const std::string& number) {
  std::string text = test::text_of(source_path(".ci/sample-xrechnung.xml"));
  const auto fill = [&](const std::string& mark, const std::string& value) {
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark))
      text.replace(at, mark.size(), value);
  };
  fill("@NUMBER@", number);
  fill("@DATE@", today());
  fill("@DUE@", "2099-12-31");
  return text;
}

/// A mailroom with a folder for invoices.
struct Scene {
  Mailroom mailroom;
  fs::path folder = mailroom.root() / "invoices";

  Scene() {
    mailroom.configure("classes.toml", "reading", "\"invoice\"");
    mailroom.append_configuration("mailroom.toml",
                                  "\n[folders.invoices]\npath = \"" + folder.string() +
                                      "\"\nprofile = \"electronic-invoices\"\nsettle_seconds = 1\n");
    mailroom.start_all();
    const auto imported =
        mailroom.ctl("creditors --import " + source_path(".ci/sample-creditors.csv") + " --operator mm");
    INFO(imported.output);
    REQUIRE(imported.code == 0);
  }

  void put(const std::string& name, const std::string& text) const {
    fs::create_directories(folder);
    std::ofstream(folder / (name + ".part")) << text;
    fs::rename(folder / (name + ".part"), folder / name);
  }

  /// The manifests at the payment system, by the number of the invoice.
  [[nodiscard]] std::map<std::string, fs::path> arrived() const {
    std::map<std::string, fs::path> found;
    for (const auto& delivery : mailroom.deliveries("payment")) {
      if (delivery.filename().string().size() != kWholeName) continue;  // still being written
      const json manifest = json_of(delivery / "manifest.json");
      for (const auto& field : manifest["data"]["document"]["fields"]) {
        if (field["name"] == "invoice_number") found[field["value"]] = delivery;
      }
    }
    return found;
  }
};

std::string in_base64(const fs::path& root, const std::string& text) {
  std::ofstream(root / "plain") << text;
  return test::shell("base64 " + (root / "plain").string()).output;
}

}  // namespace

TEST_CASE("an XRechnung put into the folder arrives at payment: bytes, readable form, data") {
  Scene scene;
  const auto xml = xrechnung("GM-1");
  scene.put("gm1.xml", xml);
  REQUIRE(eventually([&] { return scene.arrived().contains("GM-1"); }, 30s));
  const fs::path got = scene.arrived().at("GM-1");
  CHECK(test::text_of(got / "original.xml") == xml);
  CHECK(schema_complaints("manifest.json", got / "manifest.json").empty());
  CHECK(schema_complaints("invoice.json", got / "invoice.json").empty());
  const json manifest = json_of(got / "manifest.json");
  CHECK(manifest["type"] == "mailroom.invoice.v1");
  CHECK(manifest["data"]["document"]["records"] ==
        json::array({{{"kind", "voucher"}, {"key", "order-b-2026-00815"}, {"title", "Bestellung B-2026-00815"}},
                     {{"kind", "asset"}, {"key", "an-004711"}, {"title", "AN-004711"}}}));
  CHECK(qpdf_complaints(got / "document.pdf").empty());
  const auto words = text_of_page(got / "document.pdf", 1);
  CHECK(words.find("588,50 EUR") != std::string::npos);
  CHECK(signature_complaints(got, scene.mailroom.identities() / "ca.pem").empty());
  CHECK(eventually([&] { return fs::is_empty(scene.folder / "refused"); }));
  const json listed = scene.mailroom.ask("folders")["folders"][0];
  CHECK(listed["waiting"].empty());
  const json stands = json::parse(scene.mailroom.ctl("invoices GM-1 --json").output)["invoices"][0];
  CHECK(stands["payable"] == "588.50");
  CHECK(stands["timeline"].size() >= 3);
  CHECK(scene.mailroom.findings() == json::array());
}

TEST_CASE("an e-mail with an XRechnung arrives whole; what is no invoice stays visible with its reason") {
  Scene scene;
  const std::string mail =
      "From: rechnung@gaertnerei-muessiggang.example\nTo: post@stadt.example\nSubject: "
      "Rechnung\nMIME-Version: 1.0\n"
      "Content-Type: multipart/mixed; boundary=grenze\n\n--grenze\nContent-Type: text/plain\n\nAnbei die "
      "Rechnung.\n"
      "--grenze\nContent-Type: application/xml; name=\"r.xml\"\nContent-Transfer-Encoding: base64\n\n" +
      in_base64(scene.mailroom.root(), xrechnung("GM-2")) + "--grenze--\n";
  scene.put("gm2.eml", mail);
  scene.put("brief.docx", "PK");
  REQUIRE(eventually([&] { return scene.arrived().contains("GM-2"); }, 30s));
  CHECK(test::text_of(scene.arrived().at("GM-2") / "original.eml") == mail);
  CHECK(eventually([&] { return fs::exists(scene.folder / "refused" / "brief.docx.reason.txt"); }));
  const json refused = scene.mailroom.ask("folders")["folders"][0]["refused"];
  REQUIRE(refused.size() == 1);
  CHECK(refused[0]["reason"].get<std::string>().find("XML") != std::string::npos);
}

TEST_CASE("a daemon killed while a file comes in takes it once") {
  Scene scene;
  for (const auto* point : {"receive.opened", "receive.before_commit", "receive.after_commit", "folder.taken",
                            "folder.moved", "seal.content_kept:3"}) {
    INFO(point);
    scene.mailroom.daemon().terminate();
    REQUIRE(scene.mailroom.daemon_ended());
    scene.mailroom.start_daemon({{"MAILROOM_KILL_AT", point}});
    const auto number = std::string("K-") + point;
    scene.put(std::string(point) + ".xml", xrechnung(number));
    REQUIRE(scene.mailroom.daemon_ended(30s));
    scene.mailroom.start_daemon();
    REQUIRE(eventually([&] { return scene.arrived().contains(number); }, 40s));
    CHECK(eventually([&] { return !fs::exists(scene.folder / (std::string(point) + ".xml")); }));
    CHECK(scene.mailroom.findings() == json::array());
  }
  CHECK(scene.mailroom.deliveries("payment").size() == 6);
}

}  // namespace mailroom::e2e
