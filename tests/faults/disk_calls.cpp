#include <cerrno>

#include "daemon/base/durable_file.h"
#include "tests/faults/fault_run.h"
#include "tests/faults/file_layer/crash_model.h"
#include "tests/faults/office/office.h"
#include "tests/faults/office/recording.h"
#include "tests/faults/office/scratch.h"

/// The n-th file call goes wrong, for every n: no room, an I/O error, half a write, a failed fsync.
namespace mailroom::faults {
namespace {

using Way = FileFault::Way;

struct Trouble {
  const char* name;
  FileFault fault;  // `at` is filled in
};

/// More than 500 calls.
World busy_world() {
  World world = small_world();
  for (const Stack& stack : small_world().stacks) world.stacks.push_back(stack);
  return world;
}

const Trouble kTroubles[] = {
    {"disk full at the n-th call, once", {Way::error_once, 0, ENOSPC}},
    {"disk full from the n-th call on, then freed", {Way::error_on, 0, ENOSPC}},
    {"I/O error at the n-th call", {Way::error_once, 0, EIO}},
    {"half a write at the n-th call", {Way::short_once, 0, 0}},
};

/// The mailroom works while the fault strikes. It ends as a daemon would, or goes on; when the fault is
/// gone it comes to the right end in both cases.
std::vector<std::string> strike(const FileFault& fault, bool& struck) {
  auto& layer = FileLayer::instance();
  const Scratch house;
  layer.watch(house.path(), false);
  layer.spoil(fault);
  World world = busy_world();
  std::vector<std::string> broken;
  try {
    Office office(house.path());
    office.work(world);
    struck = layer.struck();
    layer.spoil({});
    office.work(world);
    broken = office.unfinished(world);
  } catch (const std::exception&) {  // ended: the service manager starts it anew
    struck = true;
  }
  layer.spoil({});
  auto later = examine(house.path(), world);
  layer.forget();
  broken.insert(broken.end(), later.begin(), later.end());
  return broken;
}

/// What a failed fsync should have made durable is lost: the process must end at once and find its way
/// with what the disk has.
std::vector<std::string> fail_sync(long at, bool& struck) {
  auto& layer = FileLayer::instance();
  const Scratch house;
  layer.watch(house.path());
  layer.spoil({Way::sync_error, at, 0});
  World world = small_world();
  std::vector<std::string> broken;
  try {
    Office office(house.path());
    office.work(world);
    // SQLite does not look at the fsync of its folder (os_unix.c, unixSync). Ours, when the database is
    // opened, comes after its files have their names, so nothing hangs on it.
    if (layer.struck() && !layer.struck_folder())
      broken.emplace_back("the mailroom went on after a failed fsync");
  } catch (const FsyncFailed&) {
  } catch (const std::exception& error) {
    broken.emplace_back(std::string("a failed fsync was taken for something else: ") + error.what());
  }
  struck = layer.struck();
  CrashModel disk;
  const auto operations = layer.take_operations();
  for (const auto& operation : operations) disk.apply(operation);
  const Scratch image;
  std::mt19937_64 random{std::uint64_t(at)};
  disk.write_image(image.path(), at % 2 == 0 ? Survival::nothing : Survival::random, random);
  auto later = examine(image.path(), world);
  broken.insert(broken.end(), later.begin(), later.end());
  return broken;
}

std::vector<std::string> at_call(std::vector<std::string> broken, long n) {
  for (auto& text : broken) text += " [call " + std::to_string(n) + "]";
  return broken;
}

}  // namespace

void disk_calls(FaultRun& run) {
  for (const Trouble& kind : kTroubles) {
    Row& row = run.row(kind.name, 500, 20);
    bool struck = true;
    for (long n = 1; struck && run.goes_on(row); n += run.is_sample() ? 29 : 1) {
      FileFault fault = kind.fault;
      fault.at = n;
      auto broken = strike(fault, struck);
      if (struck) run.count(row, at_call(std::move(broken), n));
    }
  }
  Row& row = run.row("fsync fails at the n-th time, what it covered is lost", 200, 15);
  bool struck = true;
  for (long n = 1; struck && run.goes_on(row); n += run.is_sample() ? 11 : 1) {
    auto broken = fail_sync(n, struck);
    if (struck) run.count(row, at_call(std::move(broken), n));
  }
  if (!struck) row.wanted = row.cases;  // each of that life has failed once
}

}  // namespace mailroom::faults
