#include "tests/e2e/mailroom.h"
#include "tests/e2e/small_stack.h"
#include "tests/faults/fault_run.h"
#include "tests/faults/office/scratch.h"

/// The real processes die at the named points of erasing, expiring, backing up and restoring
/// (docs/invariants.md), and it is done again.
namespace mailroom::faults {
namespace {

using nlohmann::json;
using Texts = std::vector<std::string>;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr int kCasesPerHouse = 25;  // the checks of a case look at all that a house has

/// A mailroom whose letters come one sheet each.
class House {
 public:
  explicit House(int working_copy_days) {
    mailroom_.append_configuration("profiles.toml", e2e::kQuickProfile);
    mailroom_.configure("mailroom.toml", "workers", "1");
    mailroom_.configure("classes.toml", "retention_years",
                        "10\nworking_copy_days = " + std::to_string(working_copy_days));
    mailroom_.add_scanner("one");
    e2e::draw_stack(stack_, e2e::plain_letters(1), mailroom_.identities() / "routing.key");
    mailroom_.start_broker();
    mailroom_.start_recipient("ecm");
    mailroom_.start_daemon();
    (void)deliver();
  }

  Texts die(const std::string& point, int n) {
    const std::string at = point + ":" + std::to_string(n);
    Texts broken = point.starts_with("erase.")    ? erase(point, at)
                   : point.starts_with("expire.") ? expire(at)
                   : point.starts_with("backup.") ? back_up(at)
                                                  : restore(at);
    for (const auto& finding : mailroom_.findings()) broken.push_back("verify: " + finding.dump());
    for (auto& text : broken) text += " [" + at + "]";
    return broken;
  }

 private:
  /// Number of the document and of its batch.
  std::pair<std::string, std::string> deliver() {
    mailroom_.load_feeder("one", stack_);
    const std::string batch = mailroom_.scan("one", "--profile quick --declared 1");
    const json summary = mailroom_.follow(batch);
    if (summary["exit"] != 0) throw std::runtime_error("the house does not work: " + summary.dump());
    return {summary["documents"][0]["number"], batch};
  }

  void stop() {
    mailroom_.daemon().terminate();
    if (!mailroom_.daemon_ended()) throw std::runtime_error("the daemon does not end");
  }
  void start_to_die(const std::string& at) try {
    mailroom_.start_daemon({{"MAILROOM_KILL_AT", at}});
  } catch (const std::exception&) {
    // Dead before it could answer.
  }

  std::size_t files_of(const json& contents) const {
    std::size_t found = 0;
    for (const auto& content : contents) {
      const std::string digest = content["sha256"];
      const auto file = mailroom_.data() / "content" / digest.substr(0, 2) / digest.substr(2, 2) / digest;
      found += fs::exists(file) ? 1 : 0;
    }
    return found;
  }

  Texts erase(const std::string& point, const std::string& at) {
    const std::string number = deliver().first;
    const json contents = mailroom_.show(number)["contents"];
    const std::string id =
        mailroom_.ask("erase request " + number + " --reason private_mail --operator anna")["id"];
    stop();
    mailroom_.start_daemon({{"MAILROOM_KILL_AT", at}});
    (void)mailroom_.ctl("erase confirm " + id + " --operator bert");
    Texts broken;
    if (!mailroom_.daemon_ended()) broken.emplace_back("the point was not met");
    if (!mailroom_.daemon().running()) mailroom_.start_daemon();
    const bool undone = point == "erase.before_commit";
    if (mailroom_.ask("erase list")["erasures"][0]["state"] != (undone ? "requested" : "erased"))
      broken.emplace_back("half an erasure is left");
    if (files_of(contents) != (undone ? contents.size() : 0))
      broken.emplace_back("half of the files are left");
    if (undone && mailroom_.ctl("erase confirm " + id + " --operator bert").code != 0)
      broken.emplace_back("it cannot be erased any more");
    if (files_of(contents) != 0) broken.emplace_back("files are left");
    return broken;
  }

  Texts expire(const std::string& at) {
    const std::string batch = mailroom_.show(deliver().second)["id"];
    stop();
    start_to_die(at);
    Texts broken;
    if (!mailroom_.daemon_ended()) broken.emplace_back("the point was not met");
    if (!mailroom_.daemon().running()) mailroom_.start_daemon();
    const auto gone = [&] { return !fs::exists(mailroom_.data() / "spool" / batch); };
    if (!e2e::eventually(gone)) broken.emplace_back("working copies are left");
    return broken;
  }

  test::CommandOutcome command(const std::string& words, const std::string& at = {}) const {
    const std::string before = at.empty() ? "" : "MAILROOM_KILL_AT=" + at + " ";
    return test::shell(before + e2e::program("mailroomctl").string() + words);
  }
  /// Another machine, that is filled from the backup.
  [[nodiscard]] static std::string machine(const Scratch& other) {
    const std::string root = other.path().string();
    return " --config " + root + "/config --data " + root + "/data --runtime " + root + "/run ";
  }
  [[nodiscard]] fs::path backup() const { return mailroom_.root() / "backup"; }

  Texts check_restored(const Scratch& other) const {
    Texts broken;
    const auto restored = command(machine(other) + "restore " + backup().string());
    if (restored.code != 0) broken.push_back("restore: " + restored.output);
    const auto verified = command(machine(other) + "verify --deep --json");
    if (verified.code != 0) broken.push_back("verify of what is restored: " + verified.output);
    return broken;
  }

  Texts back_up(const std::string& at) {
    (void)deliver();
    Texts broken;
    if (command(mailroom_.folder_options() + "backup " + backup().string(), at).code == 0)
      broken.emplace_back("the point was not met");
    const auto again = command(mailroom_.folder_options() + "backup " + backup().string());
    if (again.code != 0) broken.push_back("backup: " + again.output);
    const Scratch other;
    for (const auto& text : check_restored(other)) broken.push_back(text);
    return broken;
  }

  Texts restore(const std::string& at) {
    const auto made = command(mailroom_.folder_options() + "backup " + backup().string());
    if (made.code != 0) return {"backup: " + made.output};
    const Scratch other;
    Texts broken;
    if (command(machine(other) + "restore " + backup().string(), at).code == 0)
      broken.emplace_back("the point was not met");
    if (command(machine(other) + "verify").code == 0) broken.emplace_back("half a restore is worked on");
    for (const auto& text : check_restored(other)) broken.push_back(text);
    return broken;
  }

  e2e::Mailroom mailroom_;
  fs::path stack_ = mailroom_.root() / "stack";
};

struct Point {
  const char* name;
  int most;  ///< how often it is passed at least
  int sample;
};

const Point kPoints[] = {
    {"erase.before_commit", 1, 0},   {"erase.after_commit", 1, 1},   {"erase.content_removed", 3, 0},
    {"erase.side_removed", 1, 0},    {"erase.before_finish", 1, 0},  {"backup.content_copied", 3, 0},
    {"backup.before_index", 1, 1},   {"backup.after_index", 1, 0},   {"restore.content_copied", 3, 0},
    {"restore.before_rename", 1, 0}, {"restore.after_rename", 1, 1}, {"expire.after_commit", 1, 0},
    {"expire.after_rename", 1, 0}};

}  // namespace

void care_points(FaultRun& run) {
  std::unique_ptr<House> house;
  bool expiring = false;
  int in_house = 0;
  for (const Point& point : kPoints) {
    Row& row = run.row(std::string("kill at ") + point.name, 25, point.sample);
    const bool expires = std::string(point.name).starts_with("expire.");
    for (int n = 1; run.goes_on(row); n = n % point.most + 1) {
      if (!house || expiring != expires || in_house++ % kCasesPerHouse == 0)
        house = std::make_unique<House>(expires ? 0 : 30);
      expiring = expires;
      Texts broken;
      try {
        broken = house->die(point.name, n);
      } catch (const std::exception& error) {
        broken.emplace_back(error.what());
        house.reset();
      }
      run.count(row, broken);
    }
  }
}

}  // namespace mailroom::faults
