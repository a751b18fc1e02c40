#include <catch2/catch.hpp>

#include "tests/e2e/evidence.h"
#include "tests/e2e/mailroom.h"
#include "tests/e2e/small_stack.h"
#include "tests/support/places.h"

namespace mailroom::e2e {
namespace {

using nlohmann::json;
using test::shell;

/// The broker's certificate is good for 127.0.0.1, so it serves the screens here too.
void offer_https(Mailroom& mailroom, int port) {
  const std::string address = "127.0.0.1:" + std::to_string(port);
  mailroom.configure("mailroom.toml", "listen", '"' + address + '"');
  mailroom.configure("mailroom.toml", "certificate", "\"broker.pem\"");
  mailroom.configure("mailroom.toml", "key", "\"broker.key\"");
  mailroom.configure("mailroom.toml", "contents", "\"https://" + address + '"');
  mailroom.configure("mailroom.toml", "window", "100\nhttps = true");  // of the first recipient: ecm
}

/// What curl prints as status, of a request with this token and range.
std::string status_of(const Mailroom& mailroom, const std::string& url, const std::string& token,
                      const std::string& more = "") {
  const auto outcome =
      shell("curl -s -o /dev/null -w '%{http_code}' --cacert " + (mailroom.identities() / "ca.pem").string() +
            " -H 'Authorization: Bearer " + token + "' " + more + " '" + url + "'");
  return outcome.output.substr(0, 3);
}

}  // namespace

TEST_CASE("a recipient that is offered HTTPS fetches contents by range, with the token of the one delivery") {
  Mailroom mailroom;
  mailroom.append_configuration("profiles.toml", kQuickProfile);
  mailroom.add_scanner("one");
  offer_https(mailroom, 20'000 + ::getpid() % 12'000);
  mailroom.start_broker();
  fs::create_directories(mailroom.delivered("ecm"));
  const std::string identities = mailroom.identities().string();
  auto consumer =
      ChildProcess::start({"/usr/bin/python3",
                           {test::source_path("config/contract/example/consumer.py"), "--id", "ecm", "--site",
                            "marburg", "--port", std::to_string(mailroom.port()), "--ca",
                            identities + "/ca.pem", "--cert", identities + "/ecm.pem", "--key",
                            identities + "/ecm.key", "--out", mailroom.delivered("ecm").string()},
                           {}});
  REQUIRE(consumer);
  mailroom.start_daemon();
  const fs::path stack = mailroom.root() / "stack";
  draw_stack(stack, plain_letters(2, "Antrag auf Wohngeld"), mailroom.identities() / "routing.key");
  mailroom.load_feeder("one", stack);
  const json summary = mailroom.follow(mailroom.scan("one", "--profile quick --declared 2"));
  INFO(summary.dump(1));
  REQUIRE(summary["exit"] == 0);

  const auto folder = mailroom.deliveries("ecm").at(0);
  const json manifest = json_of(folder / "manifest.json");
  const json& access = manifest["data"]["https"];
  const std::string url = access["url"], token = access["token"];
  const std::string digest = manifest["data"]["contents"][0]["sha256"];
  CHECK(status_of(mailroom, url + digest, token, "-r 0-99") == "206");
  CHECK(status_of(mailroom, url + digest, token, "-r 99999999-") == "416");
  CHECK(status_of(mailroom, url + digest, token) == "200");
  SECTION("anything wrong looks like nothing there") {
    std::string other = token;
    other[0] = other[0] == 'A' ? 'B' : 'A';
    CHECK(status_of(mailroom, url + digest, other) == "404");
    CHECK(status_of(mailroom, url + digest, "") == "404");
    CHECK(status_of(mailroom, url + std::string(64, '0'), token) == "404");
    std::string foreign = url;
    foreign.replace(foreign.find("/ecm/"), 5, "/hr/");
    CHECK(status_of(mailroom, foreign + digest, token) == "404");
  }
}

}  // namespace mailroom::e2e
