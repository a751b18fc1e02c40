#include <map>

#include "tests/faults/fault_run.h"
#include "tests/faults/file_layer/crash_model.h"
#include "tests/faults/office/recording.h"
#include "tests/faults/office/scratch.h"

/// The power goes after every single change of a file, and what was not synced is lost or torn. Each
/// state is opened by the recovery of the real rooms.
namespace mailroom::faults {
namespace {

constexpr int kSampleStride = 9;  // of the operations of a recording, in the sample

/// Which part of the mailroom the last operation before the cut belongs to.
const char* part_of(const FileOperation& operation) {
  if (operation.path.starts_with("spool")) return "spool";
  if (operation.path.starts_with("content") || operation.path.starts_with("unowned")) return "archive";
  return operation.during == std::string("delivery") ? "outbox" : "database";
}

class PowerCuts {
 public:
  explicit PowerCuts(FaultRun& run) : run_(run) {
    for (const char* part : {"spool", "archive", "database", "outbox"})
      rows_[part] = &run.row(std::string("power cut: ") + part, 5000, 30);
    blind_ = &run.row("self-check: without fsync of folders the loss is seen", 20, 3);
    named_ = &run.row("power cut long after a kill between a folder and its fsync", 500, 8);
    again_ = &run.row("power cut during the recovery from a power cut", 2000, 10);
  }

  void all() {
    for (int life = 0; goes_on(); ++life) {
      std::vector<long> deaths;
      for (int i = 0; i < life % 3; ++i) deaths.push_back(1 + run_.below(600));
      const Scratch house;
      const Recording recording = record(house.path(), small_world(), deaths);
      if (run_.goes_on(*blind_)) check_check(recording);
      if (life == 0) kill_before_folder_syncs(recording);
      walk(recording, describe(deaths));
    }
  }

 private:
  [[nodiscard]] bool goes_on() const {
    bool more = run_.goes_on(*again_);
    for (const auto& [part, row] : rows_) more = more || run_.goes_on(*row);
    return more;
  }

  static std::string describe(const std::vector<long>& deaths) {
    std::string text = "killed at";
    for (const long death : deaths) text += " " + std::to_string(death);
    return deaths.empty() ? "never killed before" : text;
  }

  /// A mailroom that forgot fsync of folders must be caught, else this check is worth nothing.
  void check_check(const Recording& recording) {
    CrashModel disk;
    for (const auto& operation : recording.operations) {
      if (operation.kind != FileOperation::Kind::sync_folder || !operation.path.starts_with("spool/"))
        disk.apply(operation);
    }
    const World& end = recording.worlds.back().second;
    while (run_.goes_on(*blind_)) {
      const Scratch image;
      disk.write_image(image.path(), Survival::nothing, run_.random());
      const bool seen = !examine(image.path(), end).empty();
      run_.count(*blind_,
                 seen ? std::vector<std::string>() : std::vector<std::string>{"nothing was noticed"});
    }
  }

  /// A folder was made and the process killed before its fsync: the next life finds it there. What it
  /// keeps in it must not vanish with the folder's name.
  void kill_before_folder_syncs(const Recording& undisturbed) {
    std::vector<long> deaths;
    for (std::size_t i = 0; i < undisturbed.operations.size(); ++i) {
      if (undisturbed.operations[i].kind == FileOperation::Kind::make_folder) deaths.push_back(long(i) + 2);
    }
    while (run_.goes_on(*named_)) {
      const long death = deaths[std::size_t(run_.below(int(deaths.size())))];
      const Scratch house;
      const Recording recording = record(house.path(), small_world(), {death});
      const auto end = std::min(recording.operations.size(), std::size_t(death + run_.below(400)));
      CrashModel disk;
      for (std::size_t i = 0; i < end; ++i) disk.apply(recording.operations[i]);
      const Scratch image;
      disk.write_image(image.path(), Survival::nothing, run_.random());
      const std::string state = describe({death}) + ", cut after operation " + std::to_string(end);
      run_.count(*named_, with(state, examine(image.path(), recording.world_after(end))));
    }
  }

  void walk(const Recording& recording, const std::string& history) {
    CrashModel disk;
    std::size_t next = run_.is_sample() ? std::size_t(run_.below(kSampleStride)) : 0;
    for (std::size_t i = 0; i < recording.operations.size() && goes_on(); ++i) {
      disk.apply(recording.operations[i]);
      if (i < next) continue;
      next = i + (run_.is_sample() ? kSampleStride : 1);
      cut_after(recording, disk, i, history);
    }
  }

  void cut_after(const Recording& recording, const CrashModel& disk, std::size_t i,
                 const std::string& history) {
    Row& row = *rows_.at(part_of(recording.operations[i]));
    const int first = run_.is_sample() ? run_.below(kSurvivals) : 0;
    const int last = run_.is_sample() ? first : kSurvivals - 1;
    for (int survival = first; survival <= last; ++survival) {
      const Scratch image;
      disk.write_image(image.path(), Survival(survival), run_.random());
      const bool twice = run_.goes_on(*again_) && run_.below(8) == 0;
      const World& world = recording.world_after(i + 1);
      const std::string state = history + ", cut after operation " + std::to_string(i + 1) + " (" +
                                recording.operations[i].path + "), " + name_of(Survival(survival)) +
                                " survives";
      if (twice) cut_again(image.path(), world, state);
      if (run_.goes_on(row)) run_.count(row, with(state, examine(image.path(), world)));
    }
  }

  /// The recovery of the image is recorded, and the power goes once more somewhere in it.
  void cut_again(const std::filesystem::path& image, const World& world, const std::string& state) {
    const Scratch copy;
    std::filesystem::copy(image, copy.path(), std::filesystem::copy_options::recursive);
    std::size_t present = 0;
    {
      FileLayer::instance().watch(copy.path());
      present = FileLayer::instance().size();
    }
    const Recording recovery = record(copy.path(), world, {});
    CrashModel disk;
    const auto end = present + std::size_t(run_.below(int(recovery.operations.size() - present)));
    for (std::size_t i = 0; i <= end; ++i) disk.apply(recovery.operations[i]);
    const Scratch second;
    const auto survival = Survival(run_.below(kSurvivals));
    disk.write_image(second.path(), survival, run_.random());
    const std::string both = state + "; again after operation " + std::to_string(end - present + 1) +
                             " of the recovery, " + name_of(survival) + " survives";
    run_.count(*again_, with(both, examine(second.path(), recovery.world_after(end + 1))));
  }

  static std::vector<std::string> with(const std::string& state, std::vector<std::string> broken) {
    for (auto& text : broken) text += " [" + state + "]";
    return broken;
  }

  FaultRun& run_;
  std::map<std::string, Row*> rows_;
  Row* again_ = nullptr;
  Row* blind_ = nullptr;
  Row* named_ = nullptr;
};

}  // namespace

void power_cut(FaultRun& run) {
  PowerCuts(run).all();
}

}  // namespace mailroom::faults
