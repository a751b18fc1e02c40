#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "daemon/archive/database_lock.h"
#include "daemon/intake/batch_flow.h"
#include "daemon/intake/catalogue_outbox.h"
#include "tests/faults/office/world.h"

namespace mailroom::faults {

/// The daemon would have ended here: an error that nobody can answer, or a failed fsync.
class OfficeEnded : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A mailroom of the real rooms in one folder, in one process and without waiting: lock, spool,
/// content store, catalogue, flow, sealing and outbox are those of the daemon and are opened as it
/// opens them. The scanner, the page workers and the recipients are played by the caller's World.
/// Thread-bound. Throws OfficeEnded where the daemon would end.
class Office {
 public:
  /// Opens `folder` with the daemon's own recovery.
  explicit Office(const std::filesystem::path& folder);

  /// Feeds, reads, seals and delivers until all stacks of `world` are through. `promised` is called
  /// after every change of the world: something outside now relies on what is on the disk. False from
  /// it means that the process is dead and the promise was never made.
  using Promised = std::function<bool(const World&)>;
  void work(World& world, const Promised& promised = nullptr);

  // The steps of work(), for those who do something between them.
  void feed(World& world, int stack);
  void read_asked();
  void seal_asked();
  void deliver(World& world);
  void answer_questions(const World& world);

  /// Has pages read by something real instead of the played worker.
  using Reader = std::function<Result<PageReport>(const archive::Page& page)>;
  void read_with(Reader reader) { reader_ = std::move(reader); }
  /// Questions of this reason are answered as well: the caller has given the reason.
  void expect_question(const std::string& reason, const std::string& answer) { expected_[reason] = answer; }

  /// What the world was promised and the house cannot keep; empty is good. True right after a
  /// recovery, whatever happened before.
  std::vector<std::string> broken_promises(const World& world);

  /// What `mailroomctl verify --deep` finds.
  std::vector<std::string> findings();

  /// The recipients tell what they hold, as they do when they see a restored appliance. Gives what of it
  /// this one neither knows nor lists for a person.
  std::vector<std::string> unlisted(const World& world);

  /// What is not through although work() has come to its end.
  std::vector<std::string> unfinished(const World& world);

  archive::Catalogue& catalogue() { return *catalogue_; }
  archive::ContentStore& contents() { return *contents_; }
  const intake::Spool& spool() { return spool_; }
  intake::BatchFlow& flow() { return *flow_; }
  intake::CatalogueOutbox& outbox() { return *outbox_; }
  /// While somebody else works with the outbox, everything here goes through this thread.
  WorkThread& core() { return core_; }
  void expire_working_copies();
  void later(std::chrono::milliseconds by) { clock_.advance(by); }

 private:
  struct Order;
  void open_rooms();
  void discard_unknown(const World& world);
  void feed_sheets(World& world, int stack, const archive::Batch& batch);
  bool is_all_taken(const Stack& paper);
  [[nodiscard]] std::string answer_to(const archive::ClarificationRow& row) const;
  void deliver_to(World& world, const std::string& recipient);
  void receive(World& world, const std::string& recipient, const std::string& id, const std::string& text);
  void promise(World& world, const std::function<void(World&)>& change);

  std::filesystem::path folder_;
  Promised promised_;
  Reader reader_;
  std::map<std::string, std::string> expected_;
  ManualClock clock_{SystemClock().now()};
  intake::Spool spool_;
  std::vector<std::string> to_read_;
  std::vector<std::string> to_seal_;
  std::optional<archive::DataFolderLock> lock_;
  std::optional<archive::ContentStore> contents_;
  std::optional<archive::Catalogue> catalogue_;
  std::optional<intake::BatchFlow> flow_;
  WorkThread core_;
  std::optional<intake::CatalogueOutbox> outbox_;
};

}  // namespace mailroom::faults
