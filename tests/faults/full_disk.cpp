#include <fstream>
#include <memory>
#include <thread>

#include "tests/e2e/person.h"
#include "tests/e2e/small_stack.h"
#include "tests/faults/fault_run.h"
#include "tests/support/tiny_disk.h"

/// A real small disk is filled by somebody else while the mailroom works, and emptied again.
namespace mailroom::faults {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr int kDiskMib = 40, kFedSheets = 4;
constexpr int kCasesPerHouse = 12;  // what they leave must not fill the disk by itself

class SmallDisk {
 public:
  SmallDisk() : mailroom_(disk_.path() / "data") {
    mailroom_.append_configuration("profiles.toml", e2e::kQuickProfile);
    mailroom_.configure("mailroom.toml", "workers", "1");
    mailroom_.add_scanner("slow", "pace = 120");
    e2e::draw_stack(stack_, e2e::plain_letters(kFedSheets), mailroom_.identities() / "routing.key");
    mailroom_.start_broker();
    mailroom_.start_recipient("ecm");
    mailroom_.start_daemon();
  }

  /// Fills the disk down to the reserve or to the last byte at a random moment of a feed.
  std::vector<std::string> fill(FaultRun& run, bool to_the_last_byte) try {
    std::vector<std::string> broken;
    const std::size_t before = mailroom_.deliveries("ecm").size();
    mailroom_.load_feeder("slow", stack_);
    const std::string batch =
        mailroom_.scan("slow", "--profile quick --declared " + std::to_string(kFedSheets));
    std::this_thread::sleep_for(std::chrono::milliseconds(run.below(2500)));
    fill_up(to_the_last_byte);
    std::this_thread::sleep_for(std::chrono::milliseconds(500 + run.below(1500)));
    check_told(broken);
    std::filesystem::remove(filler_);
    if (mailroom_.daemon_ended(0ms)) mailroom_.start_daemon();  // the service manager does that
    (void)mailroom_.follow(batch, 30);                          // what waited goes on by itself
    const json summary = finish(mailroom_, "slow", batch, kFedSheets);
    if (summary["exit"] != 0) broken.push_back("not everything is through: " + summary.dump());
    if (mailroom_.deliveries("ecm").size() != before + 1)
      broken.emplace_back("the recipient has not one more");
    for (const auto& finding : mailroom_.findings()) broken.push_back("verify: " + finding.dump());
    return broken;
  } catch (const std::exception& error) {
    std::filesystem::remove(filler_);
    if (mailroom_.daemon().wait(0ms)) mailroom_.start_daemon();
    return {error.what()};
  }

  [[nodiscard]] bool mounted() const { return disk_.mounted(); }

 private:
  /// The reserve of the tests is 16 MiB; half of it stays free, or nothing at all.
  void fill_up(bool to_the_last_byte) {
    const auto free = std::filesystem::space(disk_.path()).available;
    const std::uintmax_t keep = to_the_last_byte ? 0 : 8U << 20U;
    std::ofstream file(filler_, std::ios::binary);
    const std::string piece(1U << 16U, 'x');
    for (std::uintmax_t written = 0; written + keep < free + piece.size() && file; written += piece.size())
      file.write(piece.data(), std::streamsize(piece.size())).flush();
  }

  /// A daemon that could not record something has ended, or does while it is asked.
  void check_told(std::vector<std::string>& broken) {
    const auto said = mailroom_.ctl("status --json");
    if (said.code != 0 && mailroom_.daemon_ended(1s)) return;
    if (said.code != 0 || json::parse(said.output)["disk"]["state"] != "low")
      broken.push_back("the disk is low and nobody is told: " + said.output);
  }

  test::TinyDisk disk_{kDiskMib * 1024};
  e2e::Mailroom mailroom_;
  std::filesystem::path stack_ = mailroom_.root() / "stack";
  std::filesystem::path filler_ = disk_.path() / "filler";
};

}  // namespace

void full_disk(FaultRun& run) {
  std::unique_ptr<SmallDisk> house;
  int in_house = 0;
  const auto fill = [&](Row& row, bool to_the_last_byte) {
    if (in_house++ % kCasesPerHouse == 0) house.reset();  // a mount in the place of the other
    if (!house) house = std::make_unique<SmallDisk>();
    if (house->mounted()) run.count(row, house->fill(run, to_the_last_byte));
    return house->mounted();
  };
  Row& reserve = run.row("real disk filled to the reserve while sheets are fed, then freed", 50, 1);
  while (run.goes_on(reserve) && fill(reserve, false)) {
  }
  Row& last = run.row("real disk filled to the last byte while sheets are fed, then freed", 50, 1);
  while (run.goes_on(last) && fill(last, true)) {
  }
}

}  // namespace mailroom::faults
