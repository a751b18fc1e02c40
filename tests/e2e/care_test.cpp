#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "tests/e2e/evidence.h"
#include "tests/e2e/mailroom.h"
#include "tests/e2e/small_stack.h"

/// Erasing, backing up and restoring with every real process, killed at the worst moments.
namespace mailroom::e2e {
namespace {

using nlohmann::json;

/// `documents` letters to the citizens' office, one sheet each, a routing sheet before each.
std::vector<DrawnSide> letters(int documents, const std::string& mark) {
  std::vector<DrawnSide> sides;
  for (int i = 0; i < documents; ++i) {
    sides.push_back({"", "document:LET:3300"});
    sides.push_back({});
    sides.push_back({mark + " " + std::to_string(i + 1), ""});
    sides.push_back({});
  }
  return sides;
}

struct Scene {
  Mailroom mailroom;

  Scene() {
    mailroom.append_configuration("profiles.toml", kQuickProfile);
    mailroom.add_scanner("one");
    mailroom.start_broker();
    mailroom.start_recipient("ecm");
    mailroom.start_daemon();
  }

  json deliver(const std::vector<DrawnSide>& sides) {
    const auto number = begin(sides);
    json summary = mailroom.follow(number);
    INFO(summary.dump(1));
    REQUIRE(summary["exit"] == 0);
    return summary;
  }
  std::string begin(const std::vector<DrawnSide>& sides) {
    const fs::path stack = mailroom.root() / "stack";
    fs::remove_all(stack);
    draw_stack(stack, sides, mailroom.identities() / "routing.key");
    mailroom.load_feeder("one", stack);
    return mailroom.scan("one", "--profile quick");
  }
  void check_whole() {
    const json findings = mailroom.findings();
    INFO(findings.dump(1));
    CHECK(findings == json::array());
  }
  void stop_daemon() {
    mailroom.daemon().terminate();
    REQUIRE(mailroom.daemon_ended());
  }
  CommandOutcome must(const std::string& words) {
    auto outcome = mailroom.ctl(words);
    INFO(words << ": " << outcome.output);
    REQUIRE(outcome.code == 0);
    return outcome;
  }
  [[nodiscard]] std::set<std::string> held_by_ecm() const {
    std::set<std::string> ids;
    for (const auto& folder : mailroom.deliveries("ecm")) ids.insert(folder.filename());
    return ids;
  }
};

/// Content files and sides of a document as `show` names them.
std::size_t files_of(const Mailroom& mailroom, const json& contents) {
  std::size_t found = 0;
  for (const auto& content : contents) {
    const std::string digest = content["sha256"];
    found +=
        fs::exists(mailroom.data() / "content" / digest.substr(0, 2) / digest.substr(2, 2) / digest) ? 1 : 0;
  }
  return found;
}

TEST_CASE("a daemon killed at any point of an erasure has erased all of it or nothing") {
  const std::vector<std::string> points = {"erase.before_commit", "erase.after_commit",
                                           "erase.content_removed:2", "erase.side_removed:1",
                                           "erase.before_finish"};
  Scene scene;
  Mailroom& mailroom = scene.mailroom;
  const json summary = scene.deliver(letters(int(points.size()), "Privat"));
  REQUIRE(summary["documents"].size() == points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    INFO("kill point " << points[i]);
    const std::string number = summary["documents"][i]["number"];
    const json contents = mailroom.show(number)["contents"];
    REQUIRE(files_of(mailroom, contents) == 3);
    const json wanted = mailroom.ask("erase request " + number + " --reason private_mail --operator anna");
    const std::string id = wanted["id"];
    CHECK(mailroom.ctl("erase confirm " + id + " --operator anna").code == 1);
    scene.stop_daemon();
    mailroom.start_daemon({{"MAILROOM_KILL_AT", points[i]}});
    (void)mailroom.ctl("erase confirm " + id + " --operator bert");
    REQUIRE(mailroom.daemon_ended());
    mailroom.start_daemon();
    const bool undone = points[i] == "erase.before_commit";
    CHECK(mailroom.ask("erase list")["erasures"][0]["state"] == (undone ? "requested" : "erased"));
    CHECK(files_of(mailroom, contents) == (undone ? 3 : 0));
    scene.check_whole();
    if (undone) {
      scene.must("erase confirm " + id + " --operator bert");
      CHECK(files_of(mailroom, contents) == 0);
      scene.check_whole();
    }
  }
  CHECK(mailroom.ask("erase list")["erasures"].size() == points.size());
}

TEST_CASE("a backup made at work, killed and made again, restores to the same archive") {
  Scene scene;
  Mailroom& mailroom = scene.mailroom;
  const json before = scene.deliver(letters(2, "Antrag"));
  const fs::path backup = mailroom.root() / "backup";
  for (const char* point : {"backup.content_copied:2", "backup.before_index", "backup.after_index"}) {
    const auto killed =
        test::shell("MAILROOM_KILL_AT=" + std::string(point) + " " + program("mailroomctl").string() +
                    mailroom.folder_options() + "backup " + backup.string());
    INFO(point << ": " << killed.output);
    CHECK(killed.code != 0);
  }
  const auto number = scene.begin(letters(3, "Nachtrag"));
  scene.must("backup " + backup.string());
  const json during = mailroom.follow(number);
  REQUIRE(during["exit"] == 0);
  scene.must("backup " + backup.string());

  // After the backup: one document more, which the recipient stores.
  const auto known = scene.held_by_ecm();
  const json lost = scene.deliver(letters(1, "Verloren"));
  const std::string lost_id = lost["documents"][0]["deliveries"][0]["id"];
  const std::string lost_number = lost["documents"][0]["number"];
  scene.stop_daemon();
  fs::rename(mailroom.data(), mailroom.root() / "lost");
  for (const char* point : {"restore.content_copied:3", "restore.before_rename", "restore.after_rename"}) {
    const auto killed =
        test::shell("MAILROOM_KILL_AT=" + std::string(point) + " " + program("mailroomctl").string() +
                    mailroom.folder_options() + "restore " + backup.string());
    INFO(point << ": " << killed.output);
    CHECK(killed.code != 0);
    auto refused = mailroom.spawn_daemon();
    const auto ended = refused.wait(20s);
    REQUIRE(ended);
    CHECK(ended->code == 1);
  }
  scene.must("restore " + backup.string());
  CHECK(mailroom.ctl("restore " + backup.string()).code == 1);
  mailroom.broker().kill();
  mailroom.start_broker();
  mailroom.start_daemon();
  scene.check_whole();
  for (const json& summary : {before, during}) {
    for (const auto& document : summary["documents"])
      CHECK(mailroom.show(document["number"])["state"] == "receipted");
  }
  // The recipient tells what it holds and this mailroom does not know.
  CHECK(eventually([&] { return mailroom.ask("lost")["lost"].size() == 1; }, 20s));
  CHECK(mailroom.ask("lost")["lost"][0]["id"] == lost_id);
  const json next = scene.deliver(letters(1, "Weiter"));
  CHECK(next["documents"][0]["number"].get<std::string>() > lost_number);
  CHECK(scene.held_by_ecm().size() == known.size() + 2);
  scene.check_whole();
}

TEST_CASE("what was owed when the backup was made goes out again under its id, and is stored once") {
  Scene scene;
  Mailroom& mailroom = scene.mailroom;
  mailroom.recipient("ecm").kill();
  const auto number = scene.begin(letters(3, "Offen"));
  REQUIRE(eventually(
      [&] {
        return mailroom.show(number)["state"] == "released" &&
               mailroom.ask("deliveries --state owed")["deliveries"].size() == 3;
      },
      40s));
  const fs::path backup = mailroom.root() / "backup";
  scene.must("backup " + backup.string());
  mailroom.start_recipient("ecm");
  REQUIRE(mailroom.follow(number)["exit"] == 0);
  const auto stored = scene.held_by_ecm();
  REQUIRE(stored.size() == 3);
  scene.stop_daemon();
  fs::rename(mailroom.data(), mailroom.root() / "lost");
  scene.must("restore " + backup.string());
  mailroom.broker().kill();
  mailroom.start_broker();
  mailroom.start_daemon();
  const json summary = mailroom.follow(number);
  INFO(summary.dump(1));
  CHECK(summary["exit"] == 0);
  CHECK(scene.held_by_ecm() == stored);
  scene.check_whole();
}

TEST_CASE("what is erased goes from the backup too, and a damaged file is named") {
  Scene scene;
  Mailroom& mailroom = scene.mailroom;
  const json summary = scene.deliver(letters(2, "Brief"));
  const fs::path backup = mailroom.root() / "backup";
  scene.must("backup " + backup.string());
  const std::string number = summary["documents"][0]["number"];
  const std::string digest = mailroom.show(number)["contents"][0]["sha256"];
  const fs::path copy = backup / "content" / digest.substr(0, 2) / digest.substr(2, 2) / digest;
  REQUIRE(fs::exists(copy));
  const std::string id = mailroom.ask("erase request " + number + " --reason unlawful --operator anna")["id"];
  scene.must("erase confirm " + id + " --operator bert");
  scene.must("backup " + backup.string());
  CHECK_FALSE(fs::exists(copy));
  const std::string other = mailroom.show(summary["documents"][1]["number"])["contents"][0]["sha256"];
  const fs::path damaged = mailroom.data() / "content" / other.substr(0, 2) / other.substr(2, 2) / other;
  fs::resize_file(damaged, fs::file_size(damaged) - 1);
  fs::remove(backup / "content" / other.substr(0, 2) / other.substr(2, 2) / other);
  const auto outcome = mailroom.ctl("backup " + backup.string());
  CHECK(outcome.code == 2);
  CHECK(outcome.output.find(other) != std::string::npos);
  CHECK(mailroom.ctl("backup " + mailroom.root().string()).code == 1);
}

}  // namespace
}  // namespace mailroom::e2e
