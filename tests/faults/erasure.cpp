#include <algorithm>

#include "daemon/archive/erasures.h"
#include "tests/faults/fault_run.h"
#include "tests/faults/file_layer/crash_model.h"
#include "tests/faults/file_layer/file_layer.h"
#include "tests/faults/office/office.h"
#include "tests/faults/office/scratch.h"

/// Something is erased by two persons, or working copies expire, and the process is killed or the power
/// goes after every single change of a file: all of it or nothing, never a tombstone without its audit
/// entry.
namespace mailroom::faults {
namespace {

namespace fs = std::filesystem;
using archive::Erasure;
using archive::Erasures;

/// What is erased: a stack of small_world(), delivered or still owed.
struct Subject {
  const char* name;
  int stack;
  bool owed;
};

const Subject kSubjects[] = {{"a delivered letter", 0, false},
                             {"an invoice of two recipients", 1, false},
                             {"an encrypted file that is still owed", 2, true}};

int times(const std::vector<archive::AuditEntry>& entries, const std::string& action) {
  return int(std::count_if(entries.begin(), entries.end(),
                           [&](const archive::AuditEntry& entry) { return entry.record.action == action; }));
}

/// A house in which one person has asked for an erasure, and the files that it is about.
class Asked {
 public:
  Asked(const fs::path& folder, const Subject& subject) : subject_(subject) {
    Office office(folder);
    for (int stack = 0; stack < int(world_.stacks.size()); ++stack) {
      office.feed(world_, stack);
      office.read_asked();
      office.seal_asked();
      if (stack != subject.stack || !subject.owed) office.deliver(world_);
    }
    const std::string batch = world_.stacks[std::size_t(subject.stack)].batch;
    document_ = office.catalogue().documents().of_batch(batch).value().at(0).id;
    const auto rows = office.catalogue().documents().contents_of(document_).value();
    for (const auto& row : rows) digests_.push_back(row.sha256);
    const auto owed = office.catalogue().deliveries().of_document(document_).value();
    for (const auto& row : owed) deliveries_.push_back(row.id);
    const auto wish = office.flow().request_erasure({document_, "private_mail", "anna", "uid:7"});
    if (!wish) throw OfficeEnded(wish.error().message());
    erasure_ = wish->id;
  }

  void confirm(Office& office) const {
    const auto done = office.flow().confirm_erasure({erasure_, "bert", "uid:8"});
    if (!done) throw OfficeEnded(done.error().message());
  }

  /// Opens what a power cut has left and gives all that is wrong with it.
  [[nodiscard]] std::vector<std::string> examine(const fs::path& folder) const try {
    std::vector<std::string> broken;
    Office office(folder);
    const bool erased = check_all_or_nothing(office, broken);
    if (!erased) {
      confirm(office);
      if (!check_all_or_nothing(office, broken)) broken.emplace_back("it cannot be erased any more");
    }
    World world = remembered(true);
    office.work(world);
    check_whole(office, world, broken);
    return broken;
  } catch (const std::exception& error) {
    return {std::string("the mailroom could not go on: ") + error.what()};
  }

 private:
  /// The world outside; what was promised about the subject counts only while it is not erased.
  [[nodiscard]] World remembered(bool erased) const {
    World world = world_;
    if (!erased) return world;
    std::erase_if(world.credited, [&](const PaperSide& side) { return side.stack == subject_.stack; });
    for (auto& [recipient, manifests] : world.manifests) {
      for (const auto& id : deliveries_) manifests.erase(id);
    }
    for (const auto& id : deliveries_) world.acknowledged.erase(id);
    return world;
  }

  /// Gives whether it is erased.
  bool check_all_or_nothing(Office& office, std::vector<std::string>& broken) const {
    auto& database = office.catalogue().database();
    const Erasure erasure = Erasures(database).get(erasure_).value();
    const bool erased = erasure.state == archive::kErased;
    if (!erased && erasure.state != archive::kErasureRequested)
      broken.push_back("half an erasure is left: " + erasure.state);
    const auto entries = archive::read_audit(database, document_).value();
    if (times(entries, "document.erased") != (erased ? 1 : 0) ||
        times(entries, "erasure.finished") != (erased ? 1 : 0))
      broken.emplace_back("the audit does not say what was done");
    if (erasure.tombstone.contains("contents") != erased)
      broken.emplace_back("the tombstone does not say what was done");
    check_files(office, erased, broken);
    check_whole(office, remembered(erased), broken);
    return erased;
  }

  void check_files(Office& office, bool erased, std::vector<std::string>& broken) const {
    std::size_t there = 0;
    for (const auto& digest : digests_) there += office.contents().contains(digest) ? 1 : 0;
    if (there != (erased ? 0 : digests_.size()))
      broken.push_back(std::to_string(there) + " of " + std::to_string(digests_.size()) +
                       " contents are there");
    const auto pages =
        office.catalogue().pages().of_batch(world_.stacks[std::size_t(subject_.stack)].batch).value();
    for (const auto& page : pages) {
      const bool side = fs::exists(
          office.spool().path_of({page.batch, page.image.sheet, page.image.side, page.image.format}));
      const bool content = page.image.side == Side::front;
      if (content && side == erased)
        broken.push_back("sheet " + std::to_string(page.image.sheet) + (erased ? " is left" : " is gone"));
    }
  }

  static void check_whole(Office& office, const World& world, std::vector<std::string>& broken) {
    for (const auto& text : office.broken_promises(world)) broken.push_back(text);
    for (const auto& text : office.findings()) broken.push_back(text);
  }

  const Subject& subject_;
  World world_ = small_world();
  std::string document_;
  std::string erasure_;
  std::vector<std::string> digests_;
  std::vector<std::string> deliveries_;
};

/// A house in which everything is through, and its working copies have had their days.
class Aged {
 public:
  explicit Aged(const fs::path& folder) {
    Office office(folder);
    office.work(world_);
  }

  void expire(Office& office) const {
    office.later(std::chrono::days(400));
    office.expire_working_copies();
  }

  [[nodiscard]] std::vector<std::string> examine(const fs::path& folder) const try {
    std::vector<std::string> broken;
    Office office(folder);
    check_all_or_nothing(office, broken);
    expire(office);
    for (const auto& paper : world_.stacks) {
      if (fs::exists(office.spool().folder_of(paper.batch))) broken.emplace_back("working copies never go");
    }
    check_all_or_nothing(office, broken);
    return broken;
  } catch (const std::exception& error) {
    return {std::string("the mailroom could not go on: ") + error.what()};
  }

 private:
  void check_all_or_nothing(Office& office, std::vector<std::string>& broken) const {
    World world = world_;
    for (int stack = 0; stack < int(world_.stacks.size()); ++stack) {
      const auto& batch = world_.stacks[std::size_t(stack)].batch;
      if (fs::exists(office.spool().folder_of(batch))) continue;
      const auto entries = archive::read_audit(office.catalogue().database(), batch).value();
      if (times(entries, "batch.working_copies_removed") == 0)
        broken.emplace_back("working copies are gone, the audit does not say so");
      std::erase_if(world.credited, [&](const PaperSide& side) { return side.stack == stack; });
    }
    for (const auto& text : office.broken_promises(world)) broken.push_back(text);
    for (const auto& text : office.findings()) broken.push_back(text);
  }

  World world_ = small_world();
};

/// Records what `deed` does to the files of `scene` and cuts it off after each change, in every way.
template <typename Scene, typename Deed>
void cut_everywhere(FaultRun& run, Row& row, const fs::path& house, const Scene& scene, Deed deed) {
  auto& layer = FileLayer::instance();
  layer.watch(house);
  const std::size_t present = layer.size();
  {
    Office office(house);
    deed(office);
  }
  const auto operations = layer.take_operations();
  const std::size_t stride = run.is_sample() ? 3 : 1;
  CrashModel disk;
  for (std::size_t i = 0; i < operations.size() && run.goes_on(row); ++i) {
    disk.apply(operations[i]);
    if (i < present || (i - present) % stride != 0) continue;
    for (int survival = 0; survival < kSurvivals && run.goes_on(row); ++survival) {
      if (run.is_sample() && survival != int(i) % kSurvivals) continue;
      const Scratch image;
      disk.write_image(image.path(), Survival(survival), run.random());
      auto broken = scene.examine(image.path());
      for (auto& text : broken)
        text += " [cut after operation " + std::to_string(i + 1 - present) + " (" + operations[i].path +
                "), " + name_of(Survival(survival)) + " survives]";
      run.count(row, broken);
    }
  }
}

}  // namespace

void erasure(FaultRun& run) {
  for (const Subject& subject : kSubjects) {
    Row& row = run.row(std::string("power cut or kill while two persons erase ") + subject.name, 1000, 20);
    while (run.goes_on(row)) {
      const Scratch house;
      const Asked scene(house.path(), subject);
      cut_everywhere(run, row, house.path(), scene, [&](Office& office) { scene.confirm(office); });
      if (run.is_sample()) break;
    }
  }
  Row& row = run.row("power cut or kill while working copies expire", 1000, 20);
  while (run.goes_on(row)) {
    const Scratch house;
    const Aged scene(house.path());
    cut_everywhere(run, row, house.path(), scene, [&](Office& office) { scene.expire(office); });
    if (run.is_sample()) break;
  }
}

}  // namespace mailroom::faults
