#include <algorithm>
#include <filesystem>

#include "tests/e2e/person.h"
#include "tests/e2e/small_stack.h"
#include "tests/faults/fault_run.h"

/// The real processes die at each of their named points (docs/invariants.md), are started again, and
/// a person goes on: the same documents come out, once.
namespace mailroom::faults {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr int kSheets = 2;
constexpr int kCasesPerHouse = 40;  // the checks of a case look at all that a house has

struct Point {
  const char* name;
  int most;            ///< how often one small batch comes past it at least
  const char* before;  ///< the daemon dies here first, so that there is something to recover; or ""
};

const Point kPoints[] = {
    {"answer.after_commit", 1, "feed_end.before_commit"},
    {"answer.before_commit", 1, "feed_end.before_commit"},
    {"assemble.after_commit", 1, ""},
    {"assemble.before_commit", 1, ""},
    {"content.after_rename", 3, ""},
    {"content.before_rename", 3, ""},
    {"database.after_commit", 9, ""},
    {"database.before_commit", 9, ""},
    {"delivery.block.before_answer", 1, ""},
    {"delivery.manifest.after_attempt", 1, ""},
    {"delivery.manifest.before_attempt", 1, ""},
    {"delivery.manifest.before_publish", 1, ""},
    {"delivery.receipt.after_commit", 1, ""},
    {"delivery.receipt.before_commit", 1, ""},
    {"feed_end.before_commit", 1, ""},
    {"file.after_rename", 5, ""},
    {"file.before_sync", 5, ""},
    {"folder.before_sync", 4, ""},
    {"open.before_commit", 1, ""},
    {"page.before_report", 4, ""},
    {"page.read", 4, ""},
    {"receipt.after_commit", 1, ""},
    {"receipt.before_commit", 1, ""},
    {"recipient.before_receipt", 1, ""},
    {"recipient.manifest_received", 1, ""},
    {"recipient.store.before_sync", 1, ""},
    {"recipient.store.half", 3, ""},
    {"recover.batch_interrupted", 1, "take.after_commit:3"},
    {"recover.unowned_moved", 1, "seal.contents_durable"},
    {"resume.after_commit", 1, "take.after_commit:2"},
    {"resume.before_commit", 1, "spool.after_write:3"},
    {"scan.before_end", 1, ""},
    {"scan.side_encoded", 4, ""},
    {"scan.side_sent", 4, ""},
    {"seal.after_commit", 1, ""},
    {"seal.before_commit", 1, ""},
    {"seal.before_contents", 1, ""},
    {"seal.content_kept", 3, ""},
    {"seal.contents_durable", 1, ""},
    {"spool.after_write", 4, ""},
    {"spool.before_write", 4, ""},
    {"spool.untaken_copied", 1, "spool.after_write:3"},
    {"take.after_commit", 4, ""},
    {"take.before_commit", 4, ""},
    {"untaken.before_commit", 1, "spool.after_write:2"},
    {"worker.before_answer", 2, ""},
    {"worker.page_received", 2, ""},
};

bool is_of(const Point& point, const char* process) {
  return std::string(point.name).starts_with(std::string(process) + ".");
}

/// A mailroom, one stack, and what comes out of it undisturbed.
class House {
 public:
  House() {
    mailroom_.append_configuration("profiles.toml", e2e::kQuickProfile);
    mailroom_.configure("mailroom.toml", "workers", "1");
    mailroom_.add_scanner("one");
    e2e::draw_stack(stack_, e2e::plain_letters(kSheets), mailroom_.identities() / "routing.key");
    mailroom_.start_broker();
    mailroom_.start_recipient("ecm");
    mailroom_.start_daemon();
    mailroom_.load_feeder("one", stack_);
    const json summary = mailroom_.follow(mailroom_.scan("one", "--profile quick"));
    expected_ = outcome_of(mailroom_, summary);
    if (summary["exit"] != 0 || expected_.size() != 1)
      throw std::runtime_error("the house does not work undisturbed: " + summary.dump());
    stop_daemon();
  }

  /// One death at the `n`-th passage. `struck` says whether it came.
  std::vector<std::string> kill_at(const Point& point, int n, bool& struck) {
    const std::size_t stored = mailroom_.deliveries("ecm").size();
    const std::string at = std::string(point.name) + ":" + std::to_string(n);
    mailroom_.load_feeder("one", stack_);
    if (*point.before != '\0') die_before(point);
    struck = meet_death(point, at);
    const bool daemon_died =
        struck && !is_of(point, "worker") && !is_of(point, "scan") && !is_of(point, "recipient");
    revive(daemon_died, struck && is_of(point, "recipient"));
    std::vector<std::string> broken = outcome_wrong(stored);
    stop_daemon();
    for (auto& text : broken) text += " [" + at + "]";
    return broken;
  }

 private:
  void die_before(const Point& point) {
    mailroom_.start_daemon({{"MAILROOM_KILL_AT", point.before}});
    (void)mailroom_.ctl(kScan);
    if (!mailroom_.daemon_ended()) throw std::runtime_error(std::string("no death at ") + point.before);
  }

  bool meet_death(const Point& point, const std::string& at) {
    const auto once = mailroom_.root() / "killed";
    std::filesystem::remove(once);
    std::map<std::string, std::string> fault = {{"MAILROOM_KILL_AT", at}};
    // A page worker has no files any more when it is asked to die; it dies at its n-th page each time.
    if (!is_of(point, "worker")) fault["MAILROOM_KILL_ONCE"] = once.string();
    if (is_of(point, "recipient")) {
      mailroom_.start_recipient("ecm", {}, fault);
      fault.clear();
    }
    try {
      mailroom_.start_daemon(fault);
      if (*point.before == '\0') (void)mailroom_.ctl(kScan);
      // Nothing comes to its end before somebody starts the recipient again.
      if (is_of(point, "recipient"))
        return e2e::eventually([&] { return std::filesystem::exists(once); }, 20s);
      last_ = finish(mailroom_, "one", mailroom_.latest_batch(), kSheets);
    } catch (const std::exception& error) {
      if (!std::filesystem::exists(once)) trouble_ = error.what();
    }
    // What was committed is seen from outside a moment before the process dies.
    if (!is_of(point, "worker")) return e2e::eventually([&] { return std::filesystem::exists(once); }, 3s);
    return mailroom_.log_of("mailroomd").find("a page worker crashed on a page") != std::string::npos;
  }

  /// Whoever is dead is started again, and the person goes on.
  void revive(bool daemon_died, bool recipient_died) {
    if (mailroom_.daemon_ended(daemon_died ? 20s : 0s)) mailroom_.start_daemon();
    // Seen from outside it dies a moment after it has said so.
    if (mailroom_.recipient("ecm").wait(recipient_died ? 5s : 0s)) mailroom_.start_recipient("ecm");
  }

  std::vector<std::string> outcome_wrong(std::size_t stored) try {
    std::vector<std::string> broken;
    if (!trouble_.empty()) broken.push_back(std::exchange(trouble_, {}));
    std::string batch = mailroom_.latest_batch();
    if (const json state = mailroom_.show(batch);
        state["sheets"] == 0 || mailroom_.deliveries("ecm").size() == stored) {
      const bool lost = state["state"] == "finished" || state["state"] == "discarded";
      if (lost) {  // it died before the first sheet was safe: the whole stack again
        mailroom_.put_back("one", 0);
        batch = mailroom_.scan("one", "--profile quick");
      }
    }
    const json summary = finish(mailroom_, "one", batch, kSheets);
    if (summary["exit"] != 0) broken.push_back("not everything is through: " + summary.dump());
    const auto outcome = outcome_of(mailroom_, summary);
    const bool same = has_unread_side(mailroom_, batch)
                          ? e2e::without_roles(outcome) == e2e::without_roles(expected_)
                          : outcome == expected_;
    if (!same) broken.emplace_back("other documents came out");
    if (mailroom_.deliveries("ecm").size() != stored + 1)
      broken.emplace_back("the recipient has not one more");
    for (const auto& finding : mailroom_.findings()) broken.push_back("verify: " + finding.dump());
    return broken;
  } catch (const std::exception& error) {
    return {error.what()};
  }

  void stop_daemon() {
    mailroom_.daemon().terminate();
    if (!mailroom_.daemon_ended()) throw std::runtime_error("the daemon does not end");
  }

  static constexpr const char* kScan = "scan --scanner mailroomfeeder:one --operator anna --profile quick";
  e2e::Mailroom mailroom_;
  std::filesystem::path stack_ = mailroom_.root() / "stack";
  e2e::Outcome expected_;
  json last_;
  std::string trouble_;
};

}  // namespace

void kill_points(FaultRun& run) {
  std::unique_ptr<House> house;
  int in_house = 0, number = 0;
  for (const Point& point : kPoints) {
    if (run.is_sample() && number++ % 8 != 0) continue;
    Row& row = run.row(std::string("kill at ") + point.name, 25, 1);
    for (int n = 1; run.goes_on(row);) {
      if (!house || in_house++ % kCasesPerHouse == 0) house = std::make_unique<House>();
      bool struck = false;
      auto broken = house->kill_at(point, is_of(point, "worker") ? n + 1 : n, struck);
      if (!struck) broken.emplace_back(std::string("the point was not met: ") + point.name);
      run.count(row, broken);
      n = n % point.most + 1;
    }
  }
}

}  // namespace mailroom::faults
