#include <algorithm>
#include <filesystem>

#include "daemon/archive/backup_lock.h"
#include "daemon/archive/batch_fate.h"
#include "daemon/archive/meta.h"
#include "daemon/base/durable_file.h"
#include "daemon/base/kill_point.h"
#include "daemon/base/log.h"
#include "daemon/intake/batch_flow.h"
#include "daemon/intake/spool_removal.h"

/// What the flow does at start and from time to time, without a batch moving.
namespace mailroom::intake {
namespace {

using archive::Batch;
using archive::Page;
using nlohmann::json;

constexpr const char* kDaemon = "daemon";

}  // namespace

Result<void> BatchFlow::check_classes(const Batch& batch) {
  MAILROOM_TRY(const auto documents, rooms_.catalogue.documents().of_batch(batch.id));
  for (const auto& document : documents) {
    const bool unsealed = document.state == DocumentState::released || document.state == DocumentState::held;
    if (!unsealed || rooms_.configuration.classes.contains(document.document_class)) continue;
    return fail(Errc::not_found,
                "document " + document.number + " waits to be sealed as '" + document.document_class +
                    "', which the configuration no longer has",
                Place::in_file((rooms_.configuration.folder / "classes.toml").string()),
                "put the class back until the document is delivered");
  }
  return {};
}

/// A batch that was begun under another configuration goes on under this one, and says so. What it
/// needs must still be there: nothing is guessed.
Result<void> BatchFlow::adopt_configuration(const Batch& batch) {
  const Configuration& configuration = rooms_.configuration;
  if (!configuration.profiles.contains(batch.profile)) {
    return fail(Errc::not_found,
                "batch " + batch.number + " is being worked on under the profile '" + batch.profile +
                    "', which the configuration no longer has",
                Place::in_file((configuration.folder / "profiles.toml").string()),
                "put the profile back until the batch is finished");
  }
  MAILROOM_TRY_VOID(check_classes(batch));
  if (batch.config_digest == configuration.digest) return {};
  auto batches = rooms_.catalogue.batches();
  const Timestamp now = rooms_.clock.now();
  MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
  MAILROOM_TRY_VOID(batches.keep_configuration(configuration.digest, configuration.snapshot, now));
  MAILROOM_TRY_VOID(batches.set_configuration(batch.id, configuration.digest));
  MAILROOM_TRY_VOID(audit(transaction, kDaemon, "batch.configuration_changed", {batch.id},
                          {{"from", batch.config_digest}, {"to", configuration.digest}}));
  return transaction.commit();
}

Result<void> BatchFlow::recover_batch(const Batch& batch) {
  MAILROOM_TRY_VOID(adopt_configuration(batch));
  if (batch.state != BatchState::feeding) return put_untaken_aside(batch);
  if (batch.settings.value("source", "") == kFilesSource) return recover_file(batch);
  auto batches = rooms_.catalogue.batches();
  Batch ended = batch;
  MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
  MAILROOM_TRY_VOID(give_back_half_sheet(transaction, ended));
  ended.feed_end = name_of(Errc::crashed);
  ended.fault =
      "the mailroom was restarted while sheets were fed; safe up to sheet " + std::to_string(ended.sheets);
  ended.device_sheets.reset();  // what went through in this feed nobody knows any more
  MAILROOM_TRY_VOID(batches.update_feed(ended));
  MAILROOM_TRY_VOID(batches.step(batch.id, BatchState::interrupted, rooms_.clock.now()));
  MAILROOM_TRY_VOID(audit(transaction, kDaemon, "batch.interrupted", {batch.id},
                          {{"sheets", ended.sheets}, {"end", ended.feed_end}}));
  MAILROOM_TRY_VOID(transaction.commit());
  kill_point("recover.batch_interrupted");
  return put_untaken_aside(batch);
}

Result<void> BatchFlow::recover() {
  MAILROOM_TRY_VOID(rooms_.spool.settle());
  auto batches = rooms_.catalogue.batches();
  std::vector<Batch> unfinished;
  for (BatchState state : {BatchState::feeding, BatchState::interrupted, BatchState::closed, BatchState::held,
                           BatchState::released}) {
    MAILROOM_TRY(auto found, batches.in_state(state));
    unfinished.insert(unfinished.end(), found.begin(), found.end());
  }
  // Before anything looks at files: what two persons have erased is gone, whatever a crash left of it.
  MAILROOM_TRY(const auto erasing,
               archive::Erasures(rooms_.catalogue.database()).in_state(archive::kErasing));
  for (const auto& erasure : erasing) MAILROOM_TRY_VOID(finish_erasure(erasure));
  MAILROOM_TRY_VOID(finish_removals(rooms_.spool));
  for (const Batch& batch : unfinished) MAILROOM_TRY_VOID(recover_batch(batch));
  MAILROOM_TRY_VOID(put_unowned_contents_aside());
  MAILROOM_TRY(const auto unread, rooms_.catalogue.pages().unread());
  for (const Page& page : unread) {
    MAILROOM_TRY(const Batch batch, batches.get(page.batch));
    if (batch.state != BatchState::discarded) requests_.read(batch, page);
  }
  // Asked before assemble(), which has what it releases sealed itself.
  MAILROOM_TRY(const auto released, rooms_.catalogue.documents().in_state(DocumentState::released));
  for (const Batch& batch : unfinished) MAILROOM_TRY_VOID(assemble(batch.id));
  for (const auto& document : released) requests_.seal(document.id);
  return {};
}

/// Named in the audit before they are moved, as what is untaken is.
Result<void> BatchFlow::put_unowned_contents_aside() {
  MAILROOM_TRY(const auto listing, rooms_.contents.list());
  MAILROOM_TRY(const auto owned, rooms_.catalogue.documents().all_digests());
  json aside = json::array();
  for (const std::string& digest : listing.digests) {
    if (!std::binary_search(owned.begin(), owned.end(), digest)) aside.push_back(digest);
  }
  if (aside.empty()) return {};
  MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
  MAILROOM_TRY_VOID(audit(transaction, kDaemon, "content.unowned_set_aside", {}, {{"contents", aside}}));
  MAILROOM_TRY_VOID(transaction.commit());
  MAILROOM_TRY_VOID(create_folder_durably(rooms_.unowned));
  for (const std::string digest : aside) {
    MAILROOM_TRY_VOID(rename_durably(rooms_.contents.path_of(digest), rooms_.unowned / digest));
    kill_point("recover.unowned_moved");
  }
  return {};
}

Result<bool> BatchFlow::is_expired(const Batch& batch) const {
  if (!std::filesystem::exists(rooms_.spool.folder_of(batch.id))) return false;
  MAILROOM_TRY(const auto documents, rooms_.catalogue.documents().of_batch(batch.id));
  int days = 0;
  for (const auto& document : documents) {
    const auto found = rooms_.configuration.classes.find(document.document_class);
    // A class that the configuration no longer knows keeps its working copies: nobody says for how long.
    if (found == rooms_.configuration.classes.end()) return false;
    days = std::max(days, found->second.working_copy_days);
  }
  MAILROOM_TRY(const Timestamp finished, from_rfc3339(batch.finished_at));
  if (rooms_.clock.now() < finished + std::chrono::days(days)) return false;
  return is_safe_elsewhere(batch);
}

/// Receipted is not enough: what is in no backup yet, or whose paper nobody has released, stays.
Result<bool> BatchFlow::is_safe_elsewhere(const Batch& batch) const {
  auto& database = rooms_.catalogue.database();
  MAILROOM_TRY(const std::string last, archive::meta(database, archive::kLastBackup));
  if (!last.empty() && last <= batch.finished_at) return false;  // RFC 3339 in UTC sorts as text
  MAILROOM_TRY(const bool paper_is_released, archive::originals_are_released_here(database));
  if (!paper_is_released) return true;
  return archive::originals_released(rooms_.catalogue.database(), batch.id);
}

Result<void> BatchFlow::release_originals(const std::string& id, const std::string& person,
                                          const std::string& caller) {
  if (person.empty()) return fail(Errc::invalid_input, "paper is released by a person");
  MAILROOM_TRY(const Batch batch, rooms_.catalogue.batches().get(id));
  if (batch.state != BatchState::finished) {
    return fail(Errc::illegal_state,
                "the paper of a batch that is " + std::string(name_of(batch.state)) + " must stay",
                Place::in_batch(batch.number), "wait until every document is receipted");
  }
  MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
  MAILROOM_TRY(const bool fresh,
               archive::release_originals(rooms_.catalogue.database(), batch.id, person, rooms_.clock.now()));
  if (!fresh) return {};
  MAILROOM_TRY_VOID(
      audit(transaction, "operator:" + person, "batch.originals_released", {batch.id}, {{"caller", caller}}));
  return transaction.commit();
}

Result<void> BatchFlow::expire_working_copies() {
  const auto calm = archive::BackupLock::take(rooms_.data);
  if (!calm && calm.error().code == Errc::busy) return {};  // they go an hour later
  if (!calm) return fail(calm.error());
  MAILROOM_TRY(const auto finished, rooms_.catalogue.batches().in_state(BatchState::finished));
  for (const Batch& batch : finished) {
    MAILROOM_TRY(const bool expired, is_expired(batch));
    if (!expired) continue;
    MAILROOM_TRY(auto transaction, rooms_.catalogue.database().begin());
    MAILROOM_TRY_VOID(audit(transaction, kDaemon, "batch.working_copies_removed", {batch.id}));
    MAILROOM_TRY_VOID(transaction.commit());
    kill_point("expire.after_commit");
    MAILROOM_TRY_VOID(remove_working_copies(rooms_.spool, batch.id));
    log::notice("working copies removed", {.batch = batch.id});
  }
  return {};
}

}  // namespace mailroom::intake
