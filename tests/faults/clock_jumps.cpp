#include <algorithm>
#include <functional>
#include <optional>

#include "tests/faults/fault_run.h"
#include "tests/faults/office/office.h"
#include "tests/faults/office/scratch.h"

/// The clock jumps between any two steps of the work, and while the mailroom is down: everything goes out
/// once, ids and the audit stay in order, and a clock that was set back is in the audit.
namespace mailroom::faults {
namespace {

using namespace std::chrono_literals;
using Jump = std::function<std::chrono::milliseconds(Timestamp now, FaultRun& run)>;

/// Half an hour before or after the clocks of Berlin change.
std::chrono::milliseconds to_change_of_summer_time(Timestamp now, FaultRun& run) {
  const char* const moments[] = {"2027-03-28T00:30:00.000Z", "2027-03-28T01:30:00.000Z",
                                 "2027-10-31T00:30:00.000Z", "2027-10-31T01:30:00.000Z"};
  return from_rfc3339(moments[run.below(4)]).value() - now;
}

struct Fault {
  const char* name;
  Jump jump;
};

const Fault kFaults[] = {
    {"clock goes back an hour between any two steps",
     [](Timestamp, FaultRun& run) { return run.below(2) == 0 ? -1h : 0h; }},
    {"clock goes forward a day between any two steps",
     [](Timestamp, FaultRun& run) { return run.below(2) == 0 ? 24h : 0h; }},
    {"clock jumps to and fro over both changes of summer time", to_change_of_summer_time},
};

class Jumping {
 public:
  Jumping(FaultRun& run, const Fault& fault) : run_(run), fault_(fault) { restart(); }

  std::vector<std::string> work() {
    for (int stack = 0; stack < int(world_.stacks.size()); ++stack) {
      jump();
      office_->feed(world_, stack);
      jump();
      office_->read_asked();
      if (run_.below(3) == 0) restart();
      jump();
      office_->seal_asked();
      jump();
      office_->deliver(world_);
    }
    office_->work(world_);
    std::vector<std::string> broken = office_->unfinished(world_);
    for (const auto& text : office_->findings()) broken.push_back(text);
    check_order(broken);
    return broken;
  }

 private:
  /// The daemon ends, and starts again with the clock as it has become meanwhile.
  void restart() {
    office_.reset();
    office_.emplace(house_.path());
    office_->later(ahead_);
  }

  void jump() {
    const auto by = fault_.jump(SystemClock().now() + ahead_, run_);
    set_back_ = set_back_ || by == -1h;
    ahead_ += by;
    office_->later(by);
  }

  void check_order(std::vector<std::string>& broken) {
    std::string last;
    for (const auto& paper : world_.stacks) {
      if (paper.batch <= last) broken.emplace_back("a later batch has a smaller id");
      last = paper.batch;
    }
    const auto entries = archive::read_audit(office_->catalogue().database(), "").value();
    const bool noted = std::any_of(entries.begin(), entries.end(), [](const archive::AuditEntry& entry) {
      return entry.record.action == "clock.went_back";
    });
    if (set_back_ && !noted) broken.emplace_back("nobody is told that the clock was set back");
  }

  FaultRun& run_;
  const Fault& fault_;
  Scratch house_;
  World world_ = small_world();
  std::chrono::milliseconds ahead_{0};
  bool set_back_ = false;
  std::optional<Office> office_;
};

}  // namespace

void clock_jumps(FaultRun& run) {
  for (const Fault& fault : kFaults) {
    Row& row = run.row(fault.name, 200, 10);
    while (run.goes_on(row)) {
      try {
        run.count(row, Jumping(run, fault).work());
      } catch (const std::exception& error) {
        run.count(row, {error.what()});
      }
    }
  }
}

}  // namespace mailroom::faults
