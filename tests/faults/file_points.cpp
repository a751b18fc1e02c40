#include <algorithm>
#include <fstream>
#include <functional>
#include <thread>

#include "daemon/base/clock.h"
#include "tests/e2e/mailroom.h"
#include "tests/faults/fault_run.h"
#include "tests/support/places.h"
#include "tests/support/text_file.h"

/// Electronic invoices come in through a folder while the daemon dies, at its named points and at random
/// moments: each is at the payment system, once, and the folder knows what became of its file.
namespace mailroom::faults {
namespace {

using nlohmann::json;
using Texts = std::vector<std::string>;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr int kCasesPerHouse = 40;  // the checks of a case look at all that a house has

/// A mailroom with a folder for invoices of a creditor it knows.
class House {
 public:
  House() {
    mailroom_.configure("classes.toml", "reading", "\"invoice\"");
    mailroom_.configure("mailroom.toml", "workers", "1");
    mailroom_.append_configuration("mailroom.toml",
                                   "\n[folders.invoices]\npath = \"" + folder_.string() +
                                       "\"\nprofile = \"electronic-invoices\"\nsettle_seconds = 1\n");
    mailroom_.start_broker();
    mailroom_.start_recipient("ecm");
    mailroom_.start_recipient("payment");
    mailroom_.start_daemon();
    const auto imported = mailroom_.ctl("creditors --import " +
                                        test::source_path(".ci/sample-creditors.csv") + " --operator mm");
    if (imported.code != 0) throw std::runtime_error("the house does not work: " + imported.output);
    stop();
  }

  /// The daemon dies at `point` over a file that is an invoice, or none when it is about refusing.
  Texts die_at(const std::string& point, FaultRun& run) {
    const bool refused = point == "folder.reason_written";
    const auto before = mailroom_.deliveries("payment").size();
    const auto name = put(refused, run);
    start({{"MAILROOM_KILL_AT", point}});
    Texts broken;
    if (!mailroom_.daemon_ended(30s)) broken.emplace_back("the point was not met");
    return settled({name}, before, refused, std::move(broken), point);
  }

  /// Three files, and the daemon killed `times` while they come in.
  Texts die_at_random(int times, FaultRun& run) {
    const auto before = mailroom_.deliveries("payment").size();
    std::vector<std::string> names;
    for (int i = 0; i < 3; ++i) names.push_back(put(false, run));
    for (int i = 0; i < times; ++i) {
      start({});
      std::this_thread::sleep_for(std::chrono::milliseconds(300 + run.below(2500)));
      mailroom_.daemon().kill();
    }
    return settled(names, before, false, {}, "random");
  }

 private:
  std::string put(bool nonsense, FaultRun& run) {
    const auto number = "F" + std::to_string(++files_) + "-" + std::to_string(run.below(1000000));
    const auto name = number + (nonsense ? ".docx" : ".xml");
    std::string text =
        nonsense ? "PK " + number : test::text_of(test::source_path(".ci/sample-xrechnung.xml"));
    const std::string today = to_iso_date(SystemClock().now());
    for (const auto& [mark, value] : {std::pair<std::string, std::string>{"@NUMBER@", number},
                                      {"@DATE@", today},
                                      {"@DUE@", "2099-12-31"}}) {
      for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark))
        text.replace(at, mark.size(), value);
    }
    fs::create_directories(folder_);
    std::ofstream(folder_ / (name + ".part")) << text;
    fs::rename(folder_ / (name + ".part"), folder_ / name);
    return name;
  }

  Texts settled(const std::vector<std::string>& names, std::size_t before, bool refused, Texts broken,
                const std::string& at) {
    start({});
    const auto delivered = [&] { return mailroom_.deliveries("payment").size() - before; };
    const std::size_t wanted = refused ? 0 : names.size();
    const auto gone = [&] {
      return std::none_of(names.begin(), names.end(),
                          [&](const auto& name) { return fs::exists(folder_ / name); });
    };
    if (!e2e::eventually([&] { return delivered() >= wanted && gone(); }, 60s))
      broken.push_back("not all came through: " + std::to_string(delivered()) + " of " +
                       std::to_string(wanted));
    if (delivered() > wanted) broken.emplace_back("the payment system has one twice");
    for (const auto& name : names) {
      const std::size_t kept = ends_with_in(refused ? "refused" : "taken", name);
      if (kept != 1) broken.push_back(name + " is kept " + std::to_string(kept) + " times");
      if (refused && !fs::exists(folder_ / "refused" / (name + ".reason.txt")))
        broken.push_back(name + " has no reason");
    }
    for (const auto& finding : mailroom_.findings()) broken.push_back("verify: " + finding.dump());
    stop();
    for (auto& text : broken) text += " [" + at + "]";
    return broken;
  }

  std::size_t ends_with_in(const char* below, const std::string& name) const {
    std::size_t found = 0;
    for (const auto& entry : fs::directory_iterator(folder_ / below))
      found += entry.path().filename().string().ends_with(name) ? 1 : 0;
    return found;
  }

  void start(std::map<std::string, std::string> environment) try {
    if (mailroom_.daemon().running() && !mailroom_.daemon_ended(0ms)) return;
    mailroom_.start_daemon(std::move(environment));
  } catch (const std::exception&) {
    // Dead before it could answer.
  }
  void stop() {
    mailroom_.daemon().terminate();
    if (!mailroom_.daemon_ended()) throw std::runtime_error("the daemon does not end");
  }

  e2e::Mailroom mailroom_;
  fs::path folder_ = mailroom_.root() / "invoices";
  int files_ = 0;
};

constexpr const char* kPoints[] = {"receive.opened", "receive.before_commit", "receive.after_commit",
                                   "folder.taken",   "folder.moved",          "folder.reason_written"};

}  // namespace

void file_points(FaultRun& run) {
  std::unique_ptr<House> house;
  int in_house = 0;
  const auto one = [&](Row& row, const std::function<Texts(House&)>& fault) {
    Texts broken;
    try {
      if (!house || in_house++ % kCasesPerHouse == 0) house = std::make_unique<House>();
      broken = fault(*house);
    } catch (const std::exception& error) {
      broken.emplace_back(error.what());
      house.reset();
    }
    run.count(row, broken);
  };
  for (const char* point : kPoints) {
    Row& row =
        run.row(std::string("kill at ") + point, 25, std::string(point) == "receive.before_commit" ? 1 : 0);
    while (run.goes_on(row)) one(row, [&](House& in) { return in.die_at(point, run); });
  }
  Row& random = run.row("random kill -9 of the daemon while files come in", 100, 1);
  while (run.goes_on(random)) one(random, [&](House& in) { return in.die_at_random(1 + run.below(3), run); });
}

}  // namespace mailroom::faults
