#include <signal.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <sstream>
#include <thread>

#include "tests/e2e/person.h"
#include "tests/e2e/small_stack.h"
#include "tests/faults/fault_run.h"

/// While sheets are fed, read, sealed and delivered, kill -9 hits the daemon, a page worker, the scan
/// process, the broker or a recipient at random moments. Whoever is dead is started again. Then every
/// stack must be at its recipient, whole and once.
namespace mailroom::faults {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr int kStackSheets = 2;
constexpr int kKillsPerRound = 10;  // then everything is brought to its end and checked
constexpr int kStacksPerRound = 4;
constexpr int kRoundsPerHouse = 12;  // the checks look at all that a house has

enum class Victim { daemon, worker, scan, broker, recipient };
constexpr int kVictims = 5;
constexpr int kFastScanner = 6000, kSlowScanner = 240;  // sheets a minute

const char* name_of(Victim victim) {
  switch (victim) {
    case Victim::daemon: return "daemon";
    case Victim::worker: return "page worker";
    case Victim::scan: return "scan process";
    case Victim::broker: return "broker";
    case Victim::recipient: return "recipient";
  }
  return "";
}

class UnderLoad {
 public:
  /// `pace`: sheets a minute of its scanner.
  UnderLoad(FaultRun& run, int pace) : run_(run) {
    mailroom_.append_configuration("profiles.toml", e2e::kQuickProfile);
    mailroom_.configure("mailroom.toml", "workers", "2");
    mailroom_.add_scanner("one", "pace = " + std::to_string(pace));
    e2e::draw_stack(stack_, e2e::plain_letters(kStackSheets), mailroom_.identities() / "routing.key");
    mailroom_.start_broker();
    mailroom_.start_recipient("ecm");
    mailroom_.start_daemon();
  }

  /// One round; gives how many were really hit, by victim.
  std::vector<std::string> round(std::map<Victim, int>& hits) {
    const std::size_t before = mailroom_.deliveries("ecm").size();
    std::vector<std::string> batches;
    for (int kill = 0; kill < kKillsPerRound; ++kill) {
      if (kill % 4 == 0) feed(batches);
      std::this_thread::sleep_for(std::chrono::milliseconds(20 + run_.below(700)));
      const auto victim = Victim(run_.below(kVictims));
      if (hit(victim)) ++hits[victim];
      revive();
    }
    return settle(batches, before);
  }

  /// Stacks whose scan process is killed while it feeds: it lives too short for a blow at random.
  std::vector<std::string> scan_round(int& hits) {
    const std::size_t before = mailroom_.deliveries("ecm").size();
    std::vector<std::string> batches;
    for (int stack = 0; stack < kStacksPerRound; ++stack) {
      feed(batches);
      if (!e2e::eventually([&] { return !children("mailroom-scan").empty(); }, 2s)) continue;
      std::this_thread::sleep_for(std::chrono::milliseconds(run_.below(600)));
      hits += hit(Victim::scan) ? 1 : 0;
    }
    return settle(batches, before);
  }

 private:
  /// A person feeds the next stack, as soon as the scanner is free. It may fail in the storm.
  void feed(std::vector<std::string>& batches) try {
    for (const auto& batch : batches) (void)bring_in(batch);
    mailroom_.load_feeder("one", stack_);
    batches.push_back(mailroom_.scan("one", "--profile quick --declared " + std::to_string(kStackSheets)));
  } catch (const std::exception&) {
    note_unknown(batches);
  }

  /// A batch may have been opened although its answer never came.
  void note_unknown(std::vector<std::string>& batches) try {
    const std::string latest = mailroom_.latest_batch();
    const json batch = mailroom_.show(latest);
    const bool known = std::find(batches.begin(), batches.end(), latest) != batches.end();
    if (!known && batch["sheets"] != 0 && batch["state"] != "finished") batches.push_back(latest);
  } catch (const std::exception&) {
    // The daemon is down; the next look will tell.
  }

  /// Feeds what is missing of an interrupted batch.
  bool bring_in(const std::string& batch) {
    const json state = mailroom_.show(batch);
    const int sides = int(state["pages"].size());
    if (state["state"] != "interrupted" || sides == 2 * kStackSheets) return false;
    mailroom_.load_feeder("one", stack_);
    mailroom_.put_back("one", sides / 2);
    (void)mailroom_.ctl("scan --scanner mailroomfeeder:one --operator anna --batch " + batch);
    return true;
  }

  std::vector<pid_t> children(const char* program) {
    const auto found = test::shell("pgrep -P " + std::to_string(mailroom_.daemon().pid()) + " -x " + program);
    std::istringstream words(found.output);
    std::vector<pid_t> pids;
    for (pid_t pid = 0; words >> pid;) pids.push_back(pid);
    return pids;
  }

  bool hit_child(const char* program) {
    const auto pids = children(program);
    if (pids.empty()) return false;
    return ::kill(pids[std::size_t(run_.below(int(pids.size())))], SIGKILL) == 0;
  }

  bool hit(Victim victim) {
    switch (victim) {
      case Victim::daemon: mailroom_.daemon().kill(); return true;
      case Victim::worker: return hit_child("mailroom-page");
      case Victim::scan: return hit_child("mailroom-scan");
      case Victim::broker: mailroom_.broker().kill(); return true;
      case Victim::recipient: mailroom_.recipient("ecm").kill(); return true;
    }
    return false;
  }

  void revive() {
    if (!mailroom_.broker().running()) mailroom_.start_broker();
    if (!mailroom_.recipient("ecm").running()) mailroom_.start_recipient("ecm");
    if (!mailroom_.daemon().running() || mailroom_.daemon_ended(0ms)) mailroom_.start_daemon();
  }

  std::vector<std::string> settle(std::vector<std::string>& batches, std::size_t before) try {
    note_unknown(batches);
    std::vector<std::string> broken;
    for (const auto& batch : batches) {
      mailroom_.load_feeder("one", stack_);
      const json summary = finish(mailroom_, "one", batch, kStackSheets);
      if (summary["exit"] != 0) {
        broken.push_back("batch " + batch + " is not through: " + summary.dump());
        continue;
      }
      const auto outcome = outcome_of(mailroom_, summary);
      if (outcome.size() != 1 || !is_as_expected(outcome, batch))
        broken.push_back("other documents came out of batch " + batch + ": " +
                         (outcome.empty() ? "none" : *outcome.begin()));
    }
    const std::size_t more = mailroom_.deliveries("ecm").size() - before;
    if (more != batches.size())
      broken.push_back("the recipient has " + std::to_string(more) + " documents of " +
                       std::to_string(batches.size()) + " batches");
    for (const auto& finding : mailroom_.findings()) broken.push_back("verify: " + finding.dump());
    return broken;
  } catch (const std::exception& error) {
    return {error.what()};
  }

  bool is_as_expected(const e2e::Outcome& outcome, const std::string& batch) {
    const bool unread = has_unread_side(mailroom_, batch);
    if (!unread && expected_.empty()) expected_ = outcome;
    if (!unread || expected_.empty()) return unread || outcome == expected_;
    return e2e::without_roles(outcome) == e2e::without_roles(expected_);
  }

  FaultRun& run_;
  e2e::Mailroom mailroom_;
  std::filesystem::path stack_ = mailroom_.root() / "stack";
  e2e::Outcome expected_;
};

}  // namespace

void random_kills(FaultRun& run) {
  std::map<Victim, Row*> rows;
  for (int i = 0; i < kVictims; ++i)
    rows[Victim(i)] =
        &run.row(std::string("random kill -9 under load: ") + name_of(Victim(i)), 400, i < 1 ? 1 : 0);
  Row& scans = *rows.at(Victim::scan);
  const auto goes_on = [&] {
    return std::any_of(rows.begin(), rows.end(), [&](const auto& entry) {
      return entry.first != Victim::scan && run.goes_on(*entry.second);
    });
  };
  while (goes_on()) {
    UnderLoad house(run, kFastScanner);
    for (int round = 0; round < kRoundsPerHouse && goes_on(); ++round) {
      std::map<Victim, int> hits;
      auto broken = house.round(hits);
      for (const auto& [victim, count] : hits) {
        for (int i = 0; i < count; ++i) run.count(*rows[victim], std::exchange(broken, {}));
      }
      if (run.is_sample()) return;
    }
  }
  while (run.goes_on(scans)) {
    UnderLoad house(run, kSlowScanner);
    for (int round = 0; round < kRoundsPerHouse && run.goes_on(scans); ++round) {
      int hits = 0;
      auto broken = house.scan_round(hits);
      for (int i = 0; i < hits; ++i) run.count(scans, std::exchange(broken, {}));
      if (hits == 0 && !broken.empty()) run.count(scans, broken);
    }
  }
}

}  // namespace mailroom::faults
