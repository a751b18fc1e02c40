#include <thread>

#include "tests/e2e/mailroom.h"
#include "tests/e2e/person.h"
#include "tests/e2e/small_stack.h"
#include "tests/faults/fault_run.h"
#include "tests/faults/office/office.h"
#include "tests/faults/office/scratch.h"

/// Starting and stopping: a second daemon, SIGTERM in the middle of a feed, a crash with much undone.
namespace mailroom::faults {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

constexpr auto kReadyWithin = 10s;
constexpr auto kDrainedWithin = 30s;  // the service manager gives 120

std::vector<std::string> second_daemon(e2e::Mailroom& mailroom) {
  auto second = mailroom.spawn_daemon();
  const auto end = second.wait(20s);
  std::vector<std::string> broken;
  if (!end) broken.emplace_back("a second daemon on the same data folder goes on running");
  if (end && end->code == 0) broken.emplace_back("a second daemon ended as if all were well");
  if (mailroom.ctl("status --json").code != 0) broken.emplace_back("the first daemon no longer answers");
  return broken;
}

/// A mailroom with a slow scanner that is told to end while it feeds.
class Drained {
 public:
  Drained() {
    mailroom_.append_configuration("profiles.toml", e2e::kQuickProfile);
    mailroom_.configure("mailroom.toml", "workers", "1");
    mailroom_.add_scanner("slow", "pace = 240");
    e2e::draw_stack(stack_, e2e::plain_letters(kSheets), mailroom_.identities() / "routing.key");
    mailroom_.start_broker();
    mailroom_.start_recipient("ecm");
    mailroom_.start_daemon();
  }

  std::vector<std::string> terminate_after(std::chrono::milliseconds pause) try {
    std::vector<std::string> broken;
    const std::size_t before = mailroom_.deliveries("ecm").size();
    mailroom_.load_feeder("slow", stack_);
    const std::string batch = mailroom_.scan("slow", "--profile quick --declared " + std::to_string(kSheets));
    std::this_thread::sleep_for(pause);
    mailroom_.daemon().terminate();
    const auto end = mailroom_.daemon().wait(kDrainedWithin);
    if (!end) return {"SIGTERM does not end the daemon within its time"};
    if (end->code != 0 || end->signal != 0) broken.emplace_back("SIGTERM ends the daemon with an error");
    mailroom_.start_daemon();
    const json summary = finish(mailroom_, "slow", batch, kSheets);
    if (summary["exit"] != 0) broken.push_back("not everything is through: " + summary.dump());
    if (mailroom_.deliveries("ecm").size() != before + 1)
      broken.emplace_back("the recipient has not one more");
    for (const auto& finding : mailroom_.findings()) broken.push_back("verify: " + finding.dump());
    return broken;
  } catch (const std::exception& error) {
    return {error.what()};
  }

 private:
  static constexpr int kSheets = 3;
  e2e::Mailroom mailroom_;
  std::filesystem::path stack_ = mailroom_.root() / "stack";
};

/// The daemon starts on a data folder whose last process was killed with `pages` sides taken and none
/// of them read.
std::vector<std::string> start_with_open_pages(int pages) {
  const Scratch disk;
  e2e::Mailroom mailroom(disk.path() / "data");
  {
    World world;
    world.stacks = {{"post", "ecm", pages / 2}};
    Office office(mailroom.data());
    const Office::Promised until_all_taken = [&](const World& now) {
      return now.credited.size() < std::size_t(pages);
    };
    try {
      office.work(world, until_all_taken);
    } catch (const OfficeEnded&) {  // as by kill -9, with the last side
    }
  }
  const auto begin = SteadyClock::now();
  mailroom.start_daemon();
  const auto took = SteadyClock::now() - begin;
  std::vector<std::string> broken;
  if (took > kReadyWithin)
    broken.push_back("it was ready only after " +
                     std::to_string(std::chrono::duration_cast<std::chrono::seconds>(took).count()) + " s");
  const json batch = mailroom.ask("batches")["batches"].at(0);
  if (batch["state"] != "interrupted" || int(batch["sheets"]) < pages / 2 - 1)
    broken.push_back("the open pages are not all there: " + batch.dump());
  mailroom.daemon().kill();
  return broken;
}

}  // namespace

void starts(FaultRun& run) {
  Row& second = run.row("second daemon on one data folder", 25, 2);
  {
    e2e::Mailroom mailroom;
    mailroom.start_daemon();
    while (run.goes_on(second)) run.count(second, second_daemon(mailroom));
  }
  Row& drain = run.row("SIGTERM while sheets are fed", 25, 1);
  {
    Drained house;
    while (run.goes_on(drain))
      run.count(drain, house.terminate_after(std::chrono::milliseconds(run.below(1500))));
  }
  Row& open = run.row("start after a crash with 10,000 open pages", 3, 1);
  while (run.goes_on(open)) run.count(open, start_with_open_pages(10'000));
}

}  // namespace mailroom::faults
