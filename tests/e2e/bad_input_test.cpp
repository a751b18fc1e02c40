#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>

#include "daemon/delivery/messages.h"
#include "daemon/delivery/mqtt_client.h"
#include "tests/e2e/evidence.h"
#include "tests/e2e/mailroom.h"
#include "tests/e2e/small_stack.h"
#include "tests/support/text_file.h"
#include "tests/support/tiny_disk.h"

/// What the world gets wrong: a clear error each, nothing lost, nothing hung.
namespace mailroom::e2e {
namespace {

using Catch::Matchers::Contains;
using nlohmann::json;

void prepare(Mailroom& mailroom) {
  mailroom.append_configuration("profiles.toml", kQuickProfile);
  mailroom.configure("mailroom.toml", "scanner_progress_ms", "2000");
}

void load(Mailroom& mailroom, const std::string& scanner, const std::vector<DrawnSide>& sides) {
  const fs::path stack = mailroom.root() / ("stack-" + scanner);
  draw_stack(stack, sides, mailroom.identities() / "routing.key");
  mailroom.load_feeder(scanner, stack);
}

CommandOutcome try_scan(const Mailroom& mailroom, const std::string& scanner, const std::string& words = "") {
  return mailroom.ctl("scan --scanner mailroomfeeder:" + scanner + " --operator anna --profile quick " +
                      words);
}

TEST_CASE("an empty feeder, a lost and a hanging scanner are clear errors, and the batch goes on") {
  Mailroom mailroom;
  prepare(mailroom);
  mailroom.add_scanner("empty");
  mailroom.add_scanner("lost", "fault = 2:lost");
  mailroom.add_scanner("hanging", "fault = 2:start-hang");
  mailroom.start_broker();
  mailroom.start_recipient("ecm");
  mailroom.start_daemon();

  const auto empty = try_scan(mailroom, "empty");
  CHECK(empty.code == 1);
  CHECK_THAT(empty.output, Contains("empty") || Contains("no paper") || Contains("no sheet"));
  const auto unknown = try_scan(mailroom, "nowhere");
  CHECK(unknown.code == 1);

  for (const std::string scanner : {"lost", "hanging"}) {
    INFO(scanner);
    load(mailroom, scanner, plain_letters(3, scanner));
    const auto number = mailroom.scan(scanner, "--profile quick --declared 3");
    json summary = mailroom.follow(number);
    INFO(summary.dump(1));
    CHECK(summary["batch"]["state"] == "interrupted");
    CHECK(summary["batch"]["sheets"]["fed"] == 1);
    mailroom.scan(scanner, "--batch " + number);
    summary = mailroom.follow(number);
    CHECK(summary["exit"] == 0);
    CHECK(summary["documents"][0]["pages"] == 3);
  }
}

TEST_CASE("a second daemon on the same data is refused and the first works on") {
  Mailroom mailroom;
  prepare(mailroom);
  mailroom.start_broker();
  mailroom.start_daemon();
  auto second = mailroom.spawn_daemon();
  const auto ended = second.wait(20s);
  REQUIRE(ended);
  CHECK(ended->code == 1);
  CHECK(mailroom.ctl("status").code == 0);
}

TEST_CASE("a wrong key stops the daemon and names file, line and key") {
  Mailroom mailroom;
  mailroom.append_configuration("classes.toml", "color = 1\n");
  const auto lines = test::text_of(mailroom.config() / "classes.toml");
  const auto line = std::count(lines.begin(), lines.end(), '\n');
  auto daemon = mailroom.spawn_daemon();
  const auto ended = daemon.wait(20s);
  REQUIRE(ended);
  CHECK(ended->code == 1);
  const std::string log = mailroom.log_of("mailroomd");
  CHECK_THAT(log, Contains("classes.toml") && Contains(std::to_string(line)) && Contains("color"));
}

TEST_CASE("a receipt for an unknown id or with a wrong digest is a dead letter and changes nothing") {
  Mailroom mailroom;
  prepare(mailroom);
  mailroom.add_scanner("one");
  mailroom.start_broker();
  mailroom.start_daemon();
  load(mailroom, "one", plain_letters(1));
  const auto number = mailroom.scan("one", "--profile quick --declared 1");
  REQUIRE(eventually([&] {
    const json documents = mailroom.show(number)["documents"];
    return !documents.empty() && documents[0]["state"] == "owed";
  }));
  const std::string id = mailroom.show(number)["documents"][0]["deliveries"][0]["id"];

  delivery::MqttSettings settings;
  settings.access = {"127.0.0.1", mailroom.port(), mailroom.identities() / "ca.pem",
                     mailroom.identities() / "ecm.pem", mailroom.identities() / "ecm.key"};
  settings.client_id = "rogue";
  delivery::MqttClient rogue(settings, {[](delivery::MqttMessage&&) {},
                                        [](std::uint64_t, const Result<delivery::Published>&) {}, [] {}});
  REQUIRE(rogue.connect(std::nullopt, 5s));
  const auto say = [&](const std::string& about, const std::string& digest) {
    const json receipt = {{"id", about},
                          {"status", "stored"},
                          {"seq", 1},
                          {"record", "r1"},
                          {"contents", {{{"sha256", digest}, {"size", 1}}}}};
    delivery::MqttMessage message;
    message.topic = "mailroom/v1/marburg/from/ecm/receipt";
    const std::string text = receipt.dump();
    message.payload.assign(text.begin(), text.end());
    REQUIRE(rogue.publish_and_wait(message, 5s));
  };
  say("0192f3c4-5d6e-7abc-8def-0123456789ab", std::string(64, 'a'));
  say(id, std::string(64, 'a'));
  CHECK(eventually([&] { return mailroom.ask("status")["dead_letters"] == 2; }));
  CHECK(mailroom.show(number)["documents"][0]["state"] == "owed");
  mailroom.start_recipient("ecm");
  CHECK(mailroom.follow(number)["exit"] == 0);
}

TEST_CASE("a full disk stops the intake with a clear error and loses nothing") {
  const test::TinyDisk disk(24 * 1024);
  if (!disk.mounted()) return;
  Mailroom mailroom(disk.path() / "data");
  prepare(mailroom);
  mailroom.add_scanner("one");
  mailroom.start_broker();
  mailroom.start_recipient("ecm");
  mailroom.start_daemon();
  load(mailroom, "one", plain_letters(4));
  const auto filler = disk.path() / "filler";
  std::ofstream(filler) << std::string(10'000'000, 'x');
  const auto refused = try_scan(mailroom, "one", "--declared 4");
  CHECK(refused.code == 1);
  CHECK_THAT(refused.output, Contains("free space"));
  fs::remove(filler);
  mailroom.put_back("one", 0);
  const auto number = mailroom.scan("one", "--profile quick --declared 4");
  const json summary = mailroom.follow(number);
  INFO(summary.dump(1));
  CHECK(summary["exit"] == 0);
  CHECK(summary["documents"][0]["pages"] == 4);
}

}  // namespace
}  // namespace mailroom::e2e
