#include <signal.h>

#include <fstream>
#include <sstream>
#include <thread>

#include "tests/e2e/person.h"
#include "tests/e2e/small_stack.h"
#include "tests/faults/fault_run.h"
#include "tests/support/tiny_disk.h"

/// The scanner jams, hangs, crashes or lies, and while that is seen to, something else of the machine
/// fails: no sheet is lost or doubled.
namespace mailroom::faults {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr int kSheets = 3;
constexpr int kCasesPerHouse = 20;  // the checks of a case look at all that a house has
constexpr int kDiskMib = 40;

/// As docs/virtual-scanner.md names them; those that hang cost the time until somebody notices.
const char* const kScannerFaults[] = {"jam",      "doublefeed", "cover",       "io",        "lost",
                                      "busy",     "staple",     "no-ink",      "crash",     "read-jam",
                                      "back-jam", "short",      "stop-button", "read-hang", "start-hang"};

enum class Trouble {
  killed_recording,
  killed_taking,
  killed_resuming,
  disk_full,
  broker_killed,
  scan_killed
};

struct Combination {
  const char* name;
  Trouble trouble;
  int sample;
};

const Combination kCombinations[] = {
    {"scanner fault, and the daemon killed while it is recorded", Trouble::killed_recording, 1},
    {"scanner fault, and the daemon killed while sheets are taken", Trouble::killed_taking, 0},
    {"scanner fault, and the daemon killed while the batch is resumed", Trouble::killed_resuming, 1},
    {"scanner fault, and the disk full when the batch is resumed", Trouble::disk_full, 1},
    {"scanner fault, and the broker killed", Trouble::broker_killed, 0},
    {"scanner fault, and the scan process killed when the batch is resumed", Trouble::scan_killed, 0}};

/// A mailroom on a small disk with a new scanner for each case.
class Scanning {
 public:
  Scanning() {
    mailroom_.append_configuration("profiles.toml", e2e::kQuickProfile);
    mailroom_.configure("mailroom.toml", "workers", "1");
    mailroom_.configure("mailroom.toml", "scanner_progress_ms", "2000");
    e2e::draw_stack(stack_, e2e::plain_letters(kSheets), mailroom_.identities() / "routing.key");
    mailroom_.start_broker();
    mailroom_.start_recipient("ecm");
    load("");
    mailroom_.start_daemon();
    const json summary = mailroom_.follow(mailroom_.scan(scanner_, declared()));
    expected_ = outcome_of(mailroom_, summary);
    if (summary["exit"] != 0 || expected_.size() != 1)
      throw std::runtime_error("the house does not work undisturbed: " + summary.dump());
  }

  [[nodiscard]] bool can_fill() const { return disk_.mounted(); }

  std::vector<std::string> strike(FaultRun& run, Trouble trouble) {
    const std::string fault = std::to_string(1 + run.below(kSheets)) + ":" +
                              kScannerFaults[run.below(int(std::size(kScannerFaults)))];
    load("fault = " + fault);
    stored_ = mailroom_.deliveries("ecm").size();
    std::vector<std::string> broken;
    try {
      feed(run, trouble);
      resume(run, trouble);
      feed_anew();
      broken = outcome_wrong();
    } catch (const std::exception& error) {
      broken.emplace_back(error.what());
      std::filesystem::remove(filler_);
      revive();
    }
    for (auto& text : broken) text += " [" + fault + trouble_ + "]";
    return broken;
  }

 private:
  static std::string declared() { return "--profile quick --declared " + std::to_string(kSheets); }
  [[nodiscard]] std::string words() const {
    return "scan --scanner mailroomfeeder:" + scanner_ + " --operator anna ";
  }

  void load(const std::string& fault) {
    scanner_ = "s" + std::to_string(++number_);
    mailroom_.add_scanner(scanner_, fault);
    mailroom_.load_feeder(scanner_, stack_);
  }

  void restart(const std::string& kill_at = {}) {
    if (!is_dead()) mailroom_.daemon().terminate();
    if (!is_dead() && !mailroom_.daemon_ended()) throw std::runtime_error("the daemon does not end");
    std::map<std::string, std::string> environment;
    if (!kill_at.empty()) environment["MAILROOM_KILL_AT"] = kill_at;
    trouble_ = kill_at.empty() ? "" : ", " + kill_at;
    mailroom_.start_daemon(environment);
  }
  bool is_dead() { return !mailroom_.daemon().running() || mailroom_.daemon_ended(0ms); }
  void revive() {
    if (!mailroom_.broker().running()) mailroom_.start_broker();
    if (is_dead()) mailroom_.start_daemon();
  }

  void feed(FaultRun& run, Trouble trouble) {
    trouble_.clear();
    if (trouble == Trouble::killed_recording) restart("feed_end.before_commit");
    if (trouble == Trouble::killed_taking)
      restart((run.below(2) == 0 ? "take.after_commit:" : "spool.after_write:") +
              std::to_string(1 + run.below(2 * kSheets)));
    (void)mailroom_.ctl(words() + declared());
    if (trouble == Trouble::broker_killed) {
      std::this_thread::sleep_for(std::chrono::milliseconds(run.below(300)));
      mailroom_.broker().kill();
    }
    settle();
    feed_anew();
  }

  /// The whole stack again as long as nothing came of it; the daemon may still meet its death then.
  void feed_anew() {
    for (int again = 0; again < 3 && nothing_came_of_it(); ++again) {
      mailroom_.put_back(scanner_, 0);
      (void)mailroom_.ctl(words() + declared());
      settle();
    }
    batch_ = mailroom_.latest_batch();
  }

  /// No sheet is safe: the batch is over, or a person discards it where it waits for one.
  bool nothing_came_of_it() {
    const std::string batch = mailroom_.latest_batch();
    const json latest = mailroom_.show(batch);
    if (latest["state"] == "finished" || latest["state"] == "discarded")
      return mailroom_.deliveries("ecm").size() == stored_;
    if (latest["sheets"] != 0 || latest["state"] == "interrupted") return false;
    const json held = mailroom_.follow(batch)["held"];
    return !held.empty() && mailroom_
                                    .ctl("clarify " + held[0]["clarification"].get<std::string>() +
                                         " --operator anna --resolve discard_batch")
                                    .code == 0;
  }

  /// The feed has come to its end, the daemon perhaps too.
  void settle() {
    std::string said;
    const auto calm = [&] {
      if (is_dead()) return true;
      const auto shown = mailroom_.ctl("batches --json");
      said = shown.output;
      if (shown.code != 0) return false;
      const json batches = json::parse(shown.output)["batches"];
      return batches.empty() || batches[0]["state"] != "feeding";
    };
    if (!e2e::eventually(calm, 60s)) throw std::runtime_error("the feed never ends: " + said);
    revive();
  }

  void resume(FaultRun& run, Trouble trouble) {
    const json batch = mailroom_.show(batch_);
    const int sides = int(batch["pages"].size());
    if (batch["state"] != "interrupted" || sides >= 2 * kSheets) return;
    if (trouble == Trouble::killed_resuming) {
      const char* const points[] = {"resume.before_commit", "resume.after_commit", "take.before_commit",
                                    "spool.after_write", "feed_end.before_commit"};
      restart(points[run.below(int(std::size(points)))]);
    }
    if (trouble == Trouble::disk_full) fill_up();
    mailroom_.put_back(scanner_, sides / 2);
    (void)mailroom_.ctl(words() + "--batch " + batch_);
    if (trouble == Trouble::disk_full) {
      std::this_thread::sleep_for(std::chrono::milliseconds(run.below(1000)));
      if (!is_dead() && mailroom_.ask("status")["disk"]["state"] != "low")
        throw std::runtime_error("the disk is full and nobody is told");
      std::filesystem::remove(filler_);
    }
    if (trouble == Trouble::scan_killed) kill_scanning(run);
    settle();
  }

  void kill_scanning(FaultRun& run) {
    std::this_thread::sleep_for(std::chrono::milliseconds(run.below(200)));
    const auto found =
        test::shell("pgrep -P " + std::to_string(mailroom_.daemon().pid()) + " -x mailroom-scan");
    std::istringstream pids(found.output);
    for (pid_t pid = 0; pids >> pid;) ::kill(pid, SIGKILL);
  }

  /// Half of the reserve of the tests stays free.
  void fill_up() {
    const auto free = std::filesystem::space(disk_.path()).available;
    const std::uintmax_t keep = 8U << 20U;
    if (free > keep) std::ofstream(filler_, std::ios::binary) << std::string(free - keep, 'x');
  }

  std::vector<std::string> outcome_wrong() {
    std::vector<std::string> broken;
    const json summary = finish(mailroom_, scanner_, batch_, kSheets);
    if (summary["exit"] != 0) broken.push_back("not everything is through: " + summary.dump());
    if (outcome_of(mailroom_, summary) != expected_) broken.emplace_back("other documents came out");
    if (mailroom_.deliveries("ecm").size() != stored_ + 1)
      broken.emplace_back("the recipient has not one more");
    for (const auto& finding : mailroom_.findings()) broken.push_back("verify: " + finding.dump());
    return broken;
  }

  test::TinyDisk disk_{kDiskMib * 1024};
  e2e::Mailroom mailroom_{disk_.path() / "data"};
  std::filesystem::path stack_ = mailroom_.root() / "stack";
  std::filesystem::path filler_ = disk_.path() / "filler";
  e2e::Outcome expected_;
  int number_ = 0;
  std::size_t stored_ = 0;
  std::string scanner_;
  std::string batch_;
  std::string trouble_;
};

}  // namespace

void scanner_faults(FaultRun& run) {
  std::unique_ptr<Scanning> house;
  int in_house = 0;
  for (const Combination& one : kCombinations) {
    if (!house) house = std::make_unique<Scanning>();
    if (one.trouble == Trouble::disk_full && !house->can_fill()) continue;
    Row& row = run.row(one.name, 40, one.sample);
    while (run.goes_on(row)) {
      if (++in_house % kCasesPerHouse == 0) house = std::make_unique<Scanning>();
      run.count(row, house->strike(run, one.trouble));
    }
  }
}

}  // namespace mailroom::faults
