#include <signal.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "tests/e2e/evidence.h"
#include "tests/e2e/mailroom.h"
#include "tests/e2e/small_stack.h"

/// Every other process dies: the helpers, the recipient, the broker.
namespace mailroom::e2e {
namespace {

using nlohmann::json;

struct Scene {
  Mailroom mailroom;

  Scene() {
    mailroom.append_configuration("profiles.toml", kQuickProfile);
    mailroom.add_scanner("one");
    mailroom.add_scanner("slow", "pace = 120");
    mailroom.start_broker();
  }
  void load(const std::string& scanner, const std::vector<DrawnSide>& sides) {
    const fs::path stack = mailroom.root() / ("stack-" + scanner);
    fs::remove_all(stack);
    draw_stack(stack, sides, mailroom.identities() / "routing.key");
    mailroom.load_feeder(scanner, stack);
  }
};

/// The daemon's children that run the program `name`.
std::vector<pid_t> children_of(Mailroom& mailroom, const std::string& name) {
  const auto found = test::shell("pgrep -P " + std::to_string(mailroom.daemon().pid()) + " -x " + name);
  std::istringstream words(found.output);
  std::vector<pid_t> pids;
  for (pid_t pid = 0; words >> pid;) pids.push_back(pid);
  return pids;
}

TEST_CASE("a scan process killed in the middle interrupts its batch, which goes on without loss") {
  Scene scene;
  Mailroom& mailroom = scene.mailroom;
  mailroom.start_recipients();
  mailroom.start_daemon();
  scene.load("slow", plain_letters(5));
  const auto number = mailroom.scan("slow", "--profile quick --declared 5");
  const auto scanning = children_of(mailroom, "mailroom-scan");
  REQUIRE(scanning.size() == 1);
  REQUIRE(::kill(scanning[0], SIGKILL) == 0);
  json summary = mailroom.follow(number);
  INFO(summary.dump(1));
  CHECK(summary["exit"] == 3);
  REQUIRE(summary["batch"]["state"] == "interrupted");
  const json batch = mailroom.show(number);
  const bool half = batch["pages"].size() % 2 == 1;  // its front came, its back did not: it is fed again
  mailroom.put_back("slow", batch["sheets"].get<int>() - (half ? 1 : 0));
  mailroom.scan("slow", "--batch " + number);
  summary = mailroom.follow(number);
  CHECK(summary["exit"] == 0);
  CHECK(summary["documents"][0]["pages"] == 5);
  CHECK(mailroom.show(number)["pages"].size() == 10);
  CHECK(mailroom.findings() == json::array());
}

TEST_CASE("page workers killed in the middle cost one more try of a page, no page") {
  Scene scene;
  Mailroom& mailroom = scene.mailroom;
  mailroom.start_recipients();
  mailroom.start_daemon();
  scene.load("one", plain_letters(4));
  const auto number = mailroom.scan("one", "--profile quick --declared 4");
  const auto reading = children_of(mailroom, "mailroom-page");
  REQUIRE_FALSE(reading.empty());
  REQUIRE(::kill(reading[0], SIGKILL) == 0);
  const json summary = mailroom.follow(number);
  INFO(summary.dump(1));
  CHECK(summary["exit"] == 0);
  CHECK(summary["documents"][0]["pages"] == 4);
}

TEST_CASE("a page that ends two workers is a question, and the answer lets it go out unread") {
  Scene scene;
  Mailroom& mailroom = scene.mailroom;
  mailroom.start_recipients();
  mailroom.start_daemon();
  scene.load("one", plain_letters(1));
  const auto number = mailroom.scan("one", "--profile quick --declared 1");
  // Whatever reads is killed until the mailroom gives up on a page; the back may be read before.
  const bool asked = eventually([&] {
    for (const pid_t pid : children_of(mailroom, "mailroom-page")) ::kill(pid, SIGKILL);
    return !mailroom.show(number)["held"].empty();
  });
  REQUIRE(asked);
  json summary = mailroom.follow(number);
  for (const auto& held : summary["held"]) {
    CHECK(held["reason"] == "page_ended_workers");
    CHECK(mailroom
              .ctl("clarify " + held["clarification"].get<std::string>() +
                   " --operator anna --resolve accept_as_content")
              .code == 0);
  }
  summary = mailroom.follow(number);
  INFO(summary.dump(1));
  CHECK(summary["exit"] == 0);
  CHECK(summary["documents"].size() == 1);
  CHECK(mailroom.findings() == json::array());
}

TEST_CASE("a recipient killed while it stores has each delivery once") {
  Scene scene;
  Mailroom& mailroom = scene.mailroom;
  mailroom.start_daemon();
  std::size_t stored = 0;
  for (const char* point :
       {"recipient.store.half", "recipient.store.before_sync", "recipient.before_receipt"}) {
    mailroom.start_recipient("ecm", {}, {{"MAILROOM_KILL_AT", point}});
    scene.load("one", plain_letters(1));
    const auto number = mailroom.scan("one", "--profile quick --declared 1");
    INFO(point << ": " << mailroom.log_of("recipient-ecm"));
    REQUIRE(mailroom.recipient("ecm").wait(30s));
    mailroom.start_recipient("ecm");
    CHECK(mailroom.follow(number)["exit"] == 0);
    CHECK(mailroom.deliveries("ecm").size() == ++stored);
  }
}

TEST_CASE("a broker that comes late, is killed and comes again delays the deliveries, no more") {
  Scene scene;
  Mailroom& mailroom = scene.mailroom;
  mailroom.broker().kill();
  mailroom.start_daemon();
  scene.load("one", plain_letters(2));
  const auto first = mailroom.scan("one", "--profile quick --declared 2");
  CHECK(eventually([&] { return mailroom.show(first)["state"] == "released"; }, 30s));
  CHECK(mailroom.ask("status")["broker"] == "unreachable");
  mailroom.start_broker();
  mailroom.start_recipient("ecm");
  CHECK(mailroom.follow(first)["exit"] == 0);
  mailroom.broker().kill();
  scene.load("one", plain_letters(1, "Nachtrag"));
  const auto second = mailroom.scan("one", "--profile quick --declared 1");
  CHECK(eventually([&] { return mailroom.show(second)["state"] == "released"; }, 30s));
  mailroom.start_broker();
  CHECK(mailroom.follow(second)["exit"] == 0);
  CHECK(mailroom.deliveries("ecm").size() == 2);
  CHECK(mailroom.findings() == json::array());
}

}  // namespace
}  // namespace mailroom::e2e
