#include <catch2/catch.hpp>

#include "tests/e2e/person.h"
#include "tests/e2e/small_stack.h"

/// kill -9 of the daemon at each of its kill points: the work goes on to the same result.
namespace mailroom::e2e {
namespace {

using nlohmann::json;

constexpr int kSheets = 4;

/// One mailroom, one stack, and what comes out of it undisturbed.
struct Scene {
  Mailroom mailroom;
  fs::path stack = mailroom.root() / "stack";
  Outcome expected;

  Scene() {
    mailroom.append_configuration("profiles.toml", kQuickProfile);
    mailroom.add_scanner("one");
    draw_stack(stack, two_documents(), mailroom.identities() / "routing.key");
    mailroom.start_all();
    mailroom.load_feeder("one", stack);
    const json summary = mailroom.follow(mailroom.scan("one", "--profile quick"));
    expected = outcome_of(mailroom, summary);
    INFO(summary.dump(1));
    REQUIRE(summary["exit"] == 0);
    REQUIRE(expected.size() == 3);  // a letter to ecm, an invoice to ecm and payment
    stop_daemon();
  }

  void stop_daemon() {
    mailroom.daemon().terminate();
    REQUIRE(mailroom.daemon_ended());
  }

  std::size_t stored() const {
    return mailroom.deliveries("ecm").size() + mailroom.deliveries("payment").size();
  }
};

void kill_at(Scene& scene, const std::string& point) {
  INFO("kill point " << point);
  Mailroom& mailroom = scene.mailroom;
  const std::size_t stored_before = scene.stored();
  mailroom.load_feeder("one", scene.stack);
  mailroom.start_daemon({{"MAILROOM_KILL_AT", point}});
  (void)mailroom.ctl(
      "scan --scanner mailroomfeeder:one --operator anna --profile quick");  // it may die first
  REQUIRE(mailroom.daemon_ended(60s));
  mailroom.start_daemon();
  const json summary = finish(mailroom, "one", mailroom.latest_batch(), kSheets);
  INFO(summary.dump(1));
  CHECK(summary["exit"] == 0);
  CHECK(outcome_of(mailroom, summary) == scene.expected);
  CHECK(scene.stored() == stored_before + scene.expected.size());
  CHECK(mailroom.findings() == json::array());
  scene.stop_daemon();
}

void kill_at_each(const std::vector<std::string>& points) {
  Scene scene;
  for (const auto& point : points) kill_at(scene, point);
}

TEST_CASE("a daemon killed while sheets are taken goes on after the last safe sheet") {
  kill_at_each({"spool.before_write:1", "spool.after_write:2", "spool.before_write:4", "spool.after_write:5",
                "take.before_commit:3", "take.after_commit:1", "take.after_commit:7", "take.after_commit:8",
                "feed_end.before_commit"});
}

TEST_CASE("a daemon killed while pages are read and put together makes the same documents") {
  kill_at_each({"page.read:1", "page.read:8", "assemble.before_commit", "assemble.after_commit"});
}

TEST_CASE("a daemon killed while it seals makes each document once") {
  kill_at_each({"content.before_rename:1", "content.after_rename:2", "content.after_rename:4",
                "seal.contents_durable:1", "seal.before_commit:2", "seal.after_commit:1"});
}

TEST_CASE("a daemon killed while it delivers is receipted once in effect") {
  kill_at_each({"delivery.manifest.before_attempt:1", "delivery.receipt.before_commit:1",
                "delivery.receipt.after_commit:2", "receipt.before_commit:3", "receipt.after_commit:3"});
}

TEST_CASE("a daemon killed in any transaction loses none of its work") {
  kill_at_each({"database.before_commit:4", "database.after_commit:3", "database.after_commit:6",
                "database.before_commit:12", "database.before_commit:14"});
}

}  // namespace
}  // namespace mailroom::e2e
