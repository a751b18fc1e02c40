#include <catch2/catch.hpp>
#include <fstream>

#include "tests/e2e/evidence.h"
#include "tests/e2e/person.h"
#include "tests/e2e/small_stack.h"
#include "tests/support/tiny_disk.h"

/// A fault of the scanner, and while it is seen to, another one of the machine: no sheet is lost or
/// doubled.
namespace mailroom::e2e {
namespace {

using nlohmann::json;

constexpr int kSheets = 4;

void prepare(Mailroom& mailroom) {
  mailroom.append_configuration("profiles.toml", kQuickProfile);
  mailroom.configure("mailroom.toml", "scanner_progress_ms", "2000");
}

void load(Mailroom& mailroom, const std::string& scanner) {
  const fs::path stack = mailroom.root() / ("stack-" + scanner);
  draw_stack(stack, plain_letters(kSheets, scanner), mailroom.identities() / "routing.key");
  mailroom.load_feeder(scanner, stack);
}

/// Each of the stack's sheets once and in order in what the recipient has.
void check_each_sheet_once(Mailroom& mailroom, const std::string& scanner, const json& summary) {
  INFO(summary.dump(1));
  CHECK(summary["exit"] == 0);
  REQUIRE(summary["documents"].size() == 1);
  CHECK(summary["documents"][0]["pages"] == kSheets);
  const std::string id = summary["documents"][0]["deliveries"][0]["id"];
  const fs::path pdf = mailroom.delivered("ecm") / id / "document.pdf";
  for (int page = 1; page <= kSheets; ++page) {
    const std::string text = text_of_page(pdf, page);
    INFO(scanner << " page " << page << ": " << text);
    CHECK(text.find(e2e::matter_of(page)) != std::string::npos);
  }
  CHECK(mailroom.findings() == json::array());
}

TEST_CASE("a daemon killed while a jam is recorded or resumed loses and doubles no sheet") {
  Mailroom mailroom;
  prepare(mailroom);
  mailroom.start_broker();
  mailroom.start_recipient("ecm");
  struct Case {
    const char* scanner;
    const char* fault;
    const char* first;   ///< kill point of the first feed, or empty
    const char* second;  ///< of the resumed one
  };
  const std::vector<Case> cases = {
      {"jam", "3:jam", "feed_end.before_commit", ""},
      {"readjam", "3:read-jam", "", "spool.after_write:2"},
      {"backjam", "2:back-jam", "take.after_commit:3", "take.before_commit:1"},
      {"crash", "3:crash", "database.before_commit:6", "feed_end.before_commit"}};
  for (const Case& one : cases) mailroom.add_scanner(one.scanner, std::string("fault = ") + one.fault);
  for (const Case& one : cases) {
    INFO(one.scanner << ", " << one.first << ", " << one.second);
    load(mailroom, one.scanner);
    const auto environment = [](const char* point) {
      return *point != 0 ? std::map<std::string, std::string>{{"MAILROOM_KILL_AT", point}}
                         : std::map<std::string, std::string>{};
    };
    mailroom.start_daemon(environment(one.first));
    (void)mailroom.ctl("scan --scanner mailroomfeeder:" + std::string(one.scanner) +
                       " --operator anna --profile quick --declared 4");
    if (*one.first != 0) {
      REQUIRE(mailroom.daemon_ended());
    } else {
      (void)mailroom.follow(mailroom.latest_batch());
      mailroom.daemon().terminate();
      REQUIRE(mailroom.daemon_ended());
    }
    mailroom.start_daemon(environment(one.second));
    const std::string batch = mailroom.latest_batch();
    if (*one.second != 0) {
      const json before = mailroom.show(batch);
      mailroom.put_back(one.scanner, before["sheets"].get<int>() - int(before["pages"].size() % 2));
      (void)mailroom.ctl("scan --scanner mailroomfeeder:" + std::string(one.scanner) +
                         " --operator anna --batch " + batch);
      REQUIRE(mailroom.daemon_ended());
      mailroom.start_daemon();
    }
    check_each_sheet_once(mailroom, one.scanner, finish(mailroom, one.scanner, batch, kSheets));
    mailroom.daemon().terminate();
    REQUIRE(mailroom.daemon_ended());
  }
}

TEST_CASE("a disk that is full when a jam is resumed stops the feed, and it goes on when there is room") {
  const test::TinyDisk disk(28 * 1024);
  if (!disk.mounted()) return;
  Mailroom mailroom(disk.path() / "data");
  prepare(mailroom);
  mailroom.add_scanner("one", "fault = 3:jam");
  mailroom.start_broker();
  mailroom.start_recipient("ecm");
  mailroom.start_daemon();
  load(mailroom, "one");
  const auto number = mailroom.scan("one", "--profile quick --declared 4");
  json summary = mailroom.follow(number);
  REQUIRE(summary["batch"]["state"] == "interrupted");
  CHECK(summary["batch"]["sheets"]["fed"] == 2);
  const auto filler = disk.path() / "filler";
  std::ofstream(filler) << std::string(std::size_t(14) << 20U, 'x');
  mailroom.put_back("one", 2);
  const auto refused = mailroom.ctl("scan --scanner mailroomfeeder:one --operator anna --batch " + number);
  INFO(refused.output);
  CHECK(refused.code == 1);
  CHECK(mailroom.show(number)["state"] == "interrupted");
  fs::remove(filler);
  check_each_sheet_once(mailroom, "one", finish(mailroom, "one", number, kSheets));
}

}  // namespace
}  // namespace mailroom::e2e
