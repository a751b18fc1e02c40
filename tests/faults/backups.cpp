#include <algorithm>
#include <functional>
#include <map>

#include "daemon/app/backup.h"
#include "daemon/app/backup_files.h"
#include "daemon/app/care.h"
#include "daemon/archive/backup_lock.h"
#include "tests/faults/fault_run.h"
#include "tests/faults/file_layer/crash_model.h"
#include "tests/faults/office/office.h"
#include "tests/faults/office/recording.h"
#include "tests/faults/office/scratch.h"
#include "tests/intake/samples.h"
#include "tests/support/places.h"

/// A backup is made between two steps of the work, and restored. The process is killed or the power goes
/// after every change of a file, on either side: what was backed up is backed up, and a restored mailroom
/// owes what was owed then, under the same ids.
namespace mailroom::faults {
namespace {

namespace fs = std::filesystem;

template <typename T>
T must(Result<T> outcome) {
  if (!outcome) throw OfficeEnded(outcome.error().message());
  return std::move(*outcome);
}
void must(const Result<void>& outcome) {
  if (!outcome) throw OfficeEnded(outcome.error().message());
}

/// How far the last stack is when the machine is backed up.
enum class Stage { fed, read, owed, delivered };
constexpr int kStages = 4;

app::Folders folders_at(const fs::path& root, const char* data) {
  return {root / (std::string(data) + "-config"), root / data, root / "run"};
}

void nothing_to_show(std::int64_t, std::int64_t) {}

/// A machine in `root`: its data, its configuration and its backup, and what the world relied on when
/// each backup was made.
class Machine {
 public:
  Machine(const fs::path& root, Stage stage) : root_(root) {
    const auto folders = folders_at(root, "data");
    fs::create_directories(folders.config);
    fs::copy(test::source_path("config/mailroom.toml"), folders.config);
    fs::create_directories(folders.data);
    fs::copy(test::identities(), folders.identities(), fs::copy_options::recursive);
    Office office(folders.data);
    through(office, 0);
    back_up(office, root);
    through(office, 1);
    begin(office, 2, stage);
  }

  /// The steps of `mailroomctl backup` beside an office at work; the world counts as of now.
  void back_up(Office& office, const fs::path& root) {
    const auto folders = folders_at(root, "data");
    const std::string at = to_rfc3339(SystemClock().now());
    worlds_[at] = world_;
    const auto calm = must(archive::BackupLock::take(folders.data));
    must(app::copy_catalogue(office.catalogue(), folders));
    const auto report = must(app::write_backup(folders, {app::snapshot_in(folders), "marburg", at},
                                               root / "backup", nothing_to_show));
    if (!report.damaged.empty()) throw OfficeEnded("damaged at the source: " + report.damaged.front());
    must(app::note_backup(office.catalogue(), at, report.contents, report.sides, "faults", SystemClock()));
  }

  static app::RestoreReport restore(const fs::path& root) {
    return must(
        app::restore_backup(folders_at(root, "restored"), root / "backup", SystemClock(), nothing_to_show));
  }

  /// What does not hold of the backup in `root`: it is one of those that were begun, it can be restored
  /// as a whole, and the restored mailroom goes on.
  [[nodiscard]] std::vector<std::string> examine_backup(const fs::path& root) const try {
    const auto report = restore(root);
    std::vector<std::string> broken = examine_restored(root, report.at);
    for (const auto& missing : report.missing) broken.push_back("not in the backup: " + missing);
    return broken;
  } catch (const std::exception& error) {
    return {std::string("the backup cannot be restored: ") + error.what()};
  }

  [[nodiscard]] std::vector<std::string> examine_restored(const fs::path& root, const std::string& at) const
      try {
    const auto then = worlds_.find(at);
    if (then == worlds_.end()) return {"a backup of a time at which none was made: " + at};
    World world = then->second;
    std::vector<std::string> broken;
    const auto add = [&](const std::vector<std::string>& texts) {
      for (const auto& text : texts) broken.push_back("restored: " + text);
    };
    Office office(root / "restored");
    office.expect_question("restored", "confirm");
    office.expect_question("restored_unsealed", "retry");
    add(office.broken_promises(world));
    add(office.findings());
    add(office.unlisted(world_));
    office.work(world);
    add(office.unfinished(world));
    add(office.findings());
    return broken;
  } catch (const std::exception& error) {
    return {std::string("the restored mailroom cannot go on: ") + error.what()};
  }

  [[nodiscard]] const World& world() const { return world_; }
  [[nodiscard]] const fs::path& root() const { return root_; }

 private:
  void through(Office& office, int stack) { begin(office, stack, Stage::delivered); }
  void begin(Office& office, int stack, Stage stage) {
    office.feed(world_, stack);
    if (stage >= Stage::read) office.read_asked();
    if (stage >= Stage::owed) office.seal_asked();
    if (stage >= Stage::delivered) office.deliver(world_);
  }

  fs::path root_;
  World world_ = small_world();
  std::map<std::string, World> worlds_;  // by the time of the backup
};

std::vector<std::string> at(std::vector<std::string> broken, const std::string& state) {
  for (auto& text : broken) text += " [" + state + "]";
  return broken;
}

using Steps = std::function<void()>;

/// What was there before, and what was changed below a folder.
struct Changes {
  std::vector<FileOperation> operations;
  std::size_t present = 0;
};

/// What `steps` change below `root`; killed at call `death` first, if not 0.
Changes changes_of(const fs::path& root, const Steps& steps, long death = 0) {
  auto& layer = FileLayer::instance();
  layer.watch(root);
  const std::size_t present = layer.size();
  if (death != 0) {
    layer.spoil({FileFault::Way::death, death, 0});
    try {
      steps();
    } catch (const std::exception&) {
      if (!layer.dead()) throw;
    }
    layer.spoil({});
  }
  steps();
  return {layer.take_operations(), present};
}

/// The calls before which a folder was made and is not synced, those of the spool first, and some others.
std::vector<long> deaths_in(const Changes& changes, FaultRun& run) {
  std::vector<long> spool, others;
  for (std::size_t i = changes.present; i < changes.operations.size(); ++i) {
    const auto& operation = changes.operations[i];
    const bool folder = operation.kind == FileOperation::Kind::make_folder;
    const bool in_spool = folder && operation.path.find("/spool/") != std::string::npos;
    if (folder || run.below(20) == 0) (in_spool ? spool : others).push_back(long(i - changes.present) + 2);
  }
  std::shuffle(others.begin(), others.end(), run.random());
  spool.insert(spool.end(), others.begin(), others.end());
  return spool;
}

/// Cuts `steps` off after each of their changes.
template <typename Examine>
void cut_everywhere(FaultRun& run, Row& row, const Changes& changes, Examine examine) {
  const auto& [operations, present] = changes;
  const std::size_t stride = run.is_sample() ? 35 : 1;
  CrashModel disk;
  for (std::size_t i = 0; i < operations.size() && run.goes_on(row); ++i) {
    disk.apply(operations[i]);
    if (i < present || (i - present) % stride != 0) continue;
    const auto survival = Survival(run.below(kSurvivals));
    const Scratch image;
    disk.write_image(image.path(), survival, run.random());
    const std::string state = "cut after operation " + std::to_string(i + 1 - present) + " (" +
                              operations[i].path + "), " + name_of(survival) + " survives";
    run.count(row, at(examine(image.path()), state));
  }
}

/// Killed, done again to the end, and then the power goes: nothing hangs on what the first try has left.
template <typename Examine>
void kill_and_repeat(FaultRun& run, Row& row, const fs::path& root, const Steps& steps, long death,
                     Examine examine) {
  const Changes changes = changes_of(root, steps, death);
  CrashModel disk;
  for (const auto& operation : changes.operations) disk.apply(operation);
  const Scratch image;
  disk.write_image(image.path(), Survival::nothing, run.random());
  run.count(row, at(examine(image.path()), "killed at call " + std::to_string(death)));
}

/// The data and the backup after a backup was cut off; it is made again and is whole then.
std::vector<std::string> examine_both(const Machine& machine, const fs::path& image) {
  std::vector<std::string> broken;
  for (const auto& text : machine.examine_backup(image)) broken.push_back(text);
  for (const auto& text : examine(image / "data", machine.world())) broken.push_back("data: " + text);
  return broken;
}

/// Half a restore is marked; what is not marked is whole, or nothing is there yet.
bool is_restored(const fs::path& root) {
  const auto folders = folders_at(root, "restored");
  return fs::exists(folders.catalogue()) && !fs::exists(app::restore_mark(folders));
}

std::vector<std::string> examine_half_restore(const Machine& machine, const fs::path& image,
                                              const std::string& made_at) {
  if (is_restored(image)) return machine.examine_restored(image, made_at);
  return machine.examine_backup(image);
}

void backing_up(FaultRun& run, Row& cut, Row& killed) {
  for (int round = 0; run.goes_on(cut) || run.goes_on(killed); ++round) {
    const auto stage = Stage(round % kStages);
    const auto steps_in = [](Machine& machine) {
      return [&machine] {
        Office office(machine.root() / "data");
        machine.back_up(office, machine.root());
      };
    };
    const Scratch root;
    Machine machine(root.path(), stage);
    const Changes changes = changes_of(root.path(), steps_in(machine));
    cut_everywhere(run, cut, changes, [&](const fs::path& image) { return examine_both(machine, image); });
    for (const long death : deaths_in(changes, run)) {
      if (!run.goes_on(killed)) break;
      const Scratch other;
      Machine victim(other.path(), stage);
      kill_and_repeat(run, killed, other.path(), steps_in(victim), death,
                      [&](const fs::path& image) { return victim.examine_backup(image); });
    }
    if (run.is_sample()) return;
  }
}

void restoring(FaultRun& run, Row& cut, Row& killed) {
  for (int round = 0; run.goes_on(cut) || run.goes_on(killed); ++round) {
    const Scratch root;
    Machine machine(root.path(), Stage(round % kStages));
    {
      Office office(root.path() / "data");
      machine.back_up(office, root.path());
    }
    fs::remove_all(root.path() / "data");
    std::string made_at;
    const auto put_back = [&](const fs::path& place) {
      return [&made_at, place] {
        if (!is_restored(place)) made_at = Machine::restore(place).at;
      };
    };
    const auto examine_image = [&](const fs::path& image) {
      return examine_half_restore(machine, image, made_at);
    };
    const Scratch first;
    fs::copy(root.path(), first.path(), fs::copy_options::recursive);
    const Changes changes = changes_of(first.path(), put_back(first.path()));
    cut_everywhere(run, cut, changes, examine_image);
    for (const long death : deaths_in(changes, run)) {
      if (!run.goes_on(killed)) break;
      const Scratch other;
      fs::copy(root.path(), other.path(), fs::copy_options::recursive);
      kill_and_repeat(run, killed, other.path(), put_back(other.path()), death, examine_image);
    }
    if (run.is_sample()) return;
  }
}

}  // namespace

void backups(FaultRun& run) {
  Row& making = run.row("power cut or kill while a backup is made", 1000, 8);
  Row& again = run.row("backup killed, made again, then a power cut", 300, 3);
  backing_up(run, making, again);
  Row& restore = run.row("power cut or kill while a backup is restored", 1000, 8);
  Row& repeated = run.row("restore killed, run again, then a power cut", 300, 3);
  restoring(run, restore, repeated);
}

}  // namespace mailroom::faults
