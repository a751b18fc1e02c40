#include "tests/e2e/mailroom.h"

#include <catch2/catch.hpp>

#include "tests/support/text_file.h"

using namespace mailroom;
using namespace mailroom::test;

namespace {

/// Two kiosks without devices behind TLS.
struct Kiosks : e2e::Mailroom {
  Kiosks() {
    append_configuration("mailroom.toml",
                         "\n[stations.desk]\nname_de = \"Empfang\"\nname_en = \"Desk\"\n"
                         "scanner = \"none\"\n");
    configure("kiosks.toml", "listen", "\"127.0.0.1:0\"");
    configure("kiosks.toml", "certificate", "\"kiosks.pem\"");
    configure("kiosks.toml", "key", "\"kiosks.key\"");
    for (const char* id : {"foyer", "hall"})
      append_configuration("kiosks.toml", "\n[kiosks." + std::string(id) +
                                              "]\nname = { de = \"A\", en = \"B\" }\nstation = \"desk\"\n" +
                                              hours);
    REQUIRE(ctl("setup").code == 0);
    start_daemon();
    REQUIRE(e2e::eventually([&] { return std::filesystem::exists(root() / "runtime/kiosk.url"); }));
    url = text_of(root() / "runtime/kiosk.url");
    url.resize(url.find_last_not_of("/\n") + 1);
  }

  /// The status of a request with the certificate `device`, 0 when the line is refused; `body` gets what
  /// came.
  int ask(const std::string& device, const std::string& path, const std::string& more = "") {
    const auto key = (identities() / device).string();
    const std::string proof = device.empty() ? "" : " --cert " + key + ".pem --key " + key + ".key";
    const auto outcome = shell("curl -s -w '\\n%{http_code}' --cacert " + (identities() / "ca.pem").string() +
                               proof + " " + more + " '" + url + "/kiosk/v1/" + path + "'");
    const auto line = outcome.output.rfind('\n');
    body = outcome.output.substr(0, line);
    return std::stoi(outcome.output.substr(line + 1));
  }

  static inline std::string hours;
  std::string url, body;
};

const std::string kBegin = "-X POST -H 'Content-Type: application/json' -d '{\"language\":\"de\"}'";

}  // namespace

TEST_CASE("a kiosk's browser must prove the certificate of that kiosk", "[kiosk]") {
  Kiosks::hours.clear();
  Kiosks kiosks;
  CHECK(kiosks.ask("", "foyer/state") == 0);
  CHECK(kiosks.ask("kiosk-foyer", "foyer/state") == 200);
  CHECK(kiosks.ask("kiosk-foyer", "hall/state") == 404);
  CHECK(kiosks.ask("ecm", "foyer/state") == 404);
  CHECK(kiosks.ask("kiosk-foyer", "nowhere/state") == 404);
}

TEST_CASE("two kiosks have visits of their own, and one kiosk one at a time", "[kiosk]") {
  Kiosks::hours.clear();
  Kiosks kiosks;
  const auto begin = [&](const std::string& id) {
    REQUIRE(kiosks.ask("kiosk-" + id, id + "/visits", kBegin) == 201);
    return nlohmann::json::parse(kiosks.body)["visit"].get<std::string>();
  };
  const auto first = begin("foyer"), other = begin("hall");
  const auto look = [&](const std::string& id, const std::string& token) {
    return kiosks.ask("kiosk-" + id, id + "/visit", "-H 'X-Visit: " + token + "'");
  };
  CHECK(look("foyer", first) == 200);
  CHECK(look("hall", other) == 200);
  CHECK(look("hall", first) == 410);
  const auto second = begin("foyer");
  CHECK(look("foyer", first) == 410);
  CHECK(look("foyer", second) == 200);
  CHECK(look("hall", other) == 200);
}

TEST_CASE("outside its opening hours a kiosk says when it is open, and begins nothing", "[kiosk]") {
  Kiosks::hours =
      "hours.never = { days = [\"mo\", \"tu\", \"we\", \"th\", \"fr\", \"sa\", \"su\"], from = \"00:00\", to "
      "= \"00:01\" }\n";
  Kiosks kiosks;
  REQUIRE(kiosks.ask("kiosk-foyer", "foyer/state") == 200);
  const auto state = nlohmann::json::parse(kiosks.body);
  if (state["open"] == true) return;  // it is one minute past midnight
  CHECK(state["hours"][0]["to"] == "00:01");
  CHECK(kiosks.ask("kiosk-foyer", "foyer/visits", kBegin) == 409);
}

TEST_CASE("a call for help shows at the station until somebody comes", "[kiosk]") {
  Kiosks::hours.clear();
  Kiosks kiosks;
  CHECK(kiosks.ask("kiosk-hall", "hall/help", "-X POST") == 202);
  REQUIRE(kiosks.ask("kiosk-hall", "hall/state") == 200);
  CHECK(nlohmann::json::parse(kiosks.body)["help"] == "called");
  CHECK(kiosks.ask("kiosk-hall", "hall/help", "-X DELETE") == 204);
  REQUIRE(kiosks.ask("kiosk-hall", "hall/state") == 200);
  CHECK(nlohmann::json::parse(kiosks.body)["help"] == "none");
}
