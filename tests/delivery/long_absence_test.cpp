#include <catch2/catch.hpp>

#include "tests/delivery/owed_archive.h"
#include "tests/delivery/own_network.h"

/// Brokers and recipients that are away for days, answer badly or not at all; lines that are dead
/// without anybody saying so.
using namespace mailroom;
using namespace mailroom::test;
using delivery::BrokerState;
using delivery::ReadManifest;

namespace {

constexpr int kOwed = 1000;

struct Post {
  TemporaryFolder folder;
  MovingClock clock;
  Broker broker{folder.path() / "broker"};
  OwedArchive archive{folder.path(), clock};
};

}  // namespace

TEST_CASE("a broker that is away for three days delays a thousand letters, no more") {
  Post post;
  post.broker.kill();
  post.archive.owe(kOwed);
  Sending sending(post.broker.port(), post.archive.outbox, post.clock, impatient());
  REQUIRE(eventually([&] { return sending.session().status().broker == BrokerState::unreachable; }));
  for (int hour = 0; hour < 72; ++hour) post.clock.move(1h);
  CHECK(post.archive.count("owed") == kOwed);
  post.broker.start();
  std::atomic<int> most = 0;
  QuickRecipient ecm("ecm", post.broker.port(), [&](const ReadManifest& manifest) {
    most = std::max(most.load(), sending.session().status().recipients.at("ecm").unreceipted);
    return std::vector{QuickRecipient::stored(manifest)};
  });
  CHECK(eventually([&] { return post.archive.count("stored") == kOwed; }, 60s));
  CHECK(post.archive.answers.load() == kOwed);
  CHECK(ecm.seen().size() == kOwed);
  CHECK(most.load() <= 100);
  CHECK(post.archive.dead.load() == 0);
}

TEST_CASE("a recipient that is away for days is sent the same window, and nothing is dead when it is back") {
  Post post;
  post.archive.owe(300);
  auto settings = impatient();
  Sending sending(post.broker.port(), post.archive.outbox, post.clock, settings);
  REQUIRE(eventually([&] { return post.archive.outbox.unreceipted("ecm").value() >= 90; }));
  for (int i = 0; i < 12; ++i) {
    post.clock.move(6h);
    std::this_thread::sleep_for(100ms);
  }
  CHECK(post.archive.outbox.unreceipted("ecm").value() <= 100);
  QuickRecipient ecm("ecm", post.broker.port(), [](const ReadManifest& manifest) {
    return std::vector{QuickRecipient::stored(manifest)};
  });
  sending.session().poke();
  post.clock.move(1h);
  CHECK(eventually([&] { return post.archive.count("stored") == 300; }, 40s));
  CHECK(post.archive.dead.load() == 0);
}

TEST_CASE("documents that a recipient never answers end as questions and keep no other waiting") {
  Post post;
  const auto bad = post.archive.owe(95);  // more than nine tenths of a window
  const std::set<std::string> chokes_on(bad.begin(), bad.end());
  QuickRecipient ecm("ecm", post.broker.port(), [&](const ReadManifest& manifest) {
    if (chokes_on.contains(manifest.id)) return std::vector<std::string>();
    return std::vector{QuickRecipient::stored(manifest)};
  });
  auto settings = impatient();
  settings.resend_first = settings.resend_last = 20ms;
  Sending sending(post.broker.port(), post.archive.outbox, post.clock, settings);
  int good = 0;
  CHECK(eventually(
      [&] {
        if (post.archive.count("owed") < 120) good += int(post.archive.owe(5).size());
        sending.session().poke();
        std::this_thread::sleep_for(50ms);
        return post.archive.dead.load() == 95;
      },
      60s));
  CHECK(eventually([&] { return post.archive.count("stored") == good; }, 30s));
  CHECK(post.archive.count("dead") == 95);
}

TEST_CASE("a recipient that answers twice, for others and nonsense concludes each delivery once") {
  Post post;
  const auto foreign = post.archive.owe(1, "payment").at(0);
  post.archive.owe(50);
  QuickRecipient ecm("ecm", post.broker.port(), [&](const ReadManifest& manifest) {
    auto others = manifest;
    others.id = foreign;
    const auto good = QuickRecipient::stored(manifest);
    return std::vector<std::string>{QuickRecipient::stored(others), "{", good, good,
                                    R"({"id":")" + manifest.id + R"(","status":"rejected","reason":"late"})"};
  });
  Sending sending(post.broker.port(), post.archive.outbox, post.clock, impatient());
  CHECK(eventually([&] { return post.archive.count("stored") == 50; }, 20s));
  std::this_thread::sleep_for(200ms);
  CHECK(post.archive.answers.load() == 50);
  CHECK(post.archive.count("rejected") == 0);
  CHECK(post.archive.count("owed") == 1);
  CHECK(sending.session().status().dead_letters >= 100);
}

TEST_CASE("a recipient that rejects everything holds nobody up and is asked nothing twice") {
  Post post;
  post.archive.owe(150);
  QuickRecipient ecm("ecm", post.broker.port(), [&](const ReadManifest& manifest) {
    return std::vector<std::string>{R"({"id":")" + manifest.id + R"(","status":"rejected","reason":"no"})"};
  });
  Sending sending(post.broker.port(), post.archive.outbox, post.clock, impatient());
  CHECK(eventually([&] { return post.archive.count("rejected") == 150; }, 30s));
  CHECK(post.archive.answers.load() == 150);
}

TEST_CASE("a clock that goes back an hour while the session runs delays no resend") {
  Post post;
  post.archive.owe(1);
  auto settings = impatient();
  Sending sending(post.broker.port(), post.archive.outbox, post.clock, settings);
  REQUIRE(eventually([&] { return post.archive.outbox.unreceipted("ecm").value() == 1; }));
  post.clock.move(-1h);
  QuickRecipient ecm("ecm", post.broker.port(), [](const ReadManifest& manifest) {
    return std::vector{QuickRecipient::stored(manifest)};
  });
  CHECK(eventually([&] { return post.archive.count("stored") == 1; }, 15s));
}

TEST_CASE("a line that is dead without a word is noticed, and everything goes out once it is back") {
  const OwnNetwork network;
  if (!network.there()) return;
  Post post;
  Sending sending(post.broker.port(), post.archive.outbox, post.clock, impatient());
  REQUIRE(eventually([&] { return sending.session().status().broker == BrokerState::connected; }));
  OwnNetwork::switch_loopback(false);
  post.archive.owe(20);
  sending.session().poke();
  CHECK(eventually([&] { return sending.session().status().broker == BrokerState::unreachable; }, 60s));
  CHECK(post.archive.count("owed") == 20);
  // Meanwhile the broker has lost its side of the connection.
  post.broker.kill();
  OwnNetwork::switch_loopback(true);
  post.broker.start();
  QuickRecipient ecm("ecm", post.broker.port(), [](const ReadManifest& manifest) {
    return std::vector{QuickRecipient::stored(manifest)};
  });
  CHECK(eventually([&] { return post.archive.count("stored") == 20; }, 60s));
  CHECK(post.archive.answers.load() == 20);
}
