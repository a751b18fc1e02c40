#include <algorithm>
#include <set>

#include "daemon/archive/consistency.h"
#include "daemon/intake/spool_removal.h"
#include "daemon/intake/verification.h"

/// What `mailroomctl verify --deep` checks on top.
namespace mailroom::intake {
namespace {

using archive::Batch;

/// Digests of the untaken files that the audit names for a batch, by the beginning that their names have.
Result<std::set<std::string>> untaken_in_audit(archive::Database& database, const std::string& batch) {
  MAILROOM_TRY(const auto entries, archive::read_audit(database, batch, 0, 1'000'000));
  std::set<std::string> names;
  for (const auto& entry : entries) {
    if (entry.record.action != "batch.untaken_set_aside") continue;
    for (const auto& file : entry.record.details.value("files", nlohmann::json::array())) {
      names.insert(file.value("sha256", "").substr(0, 12) + "-" + file.value("name", ""));
    }
  }
  return names;
}

}  // namespace

Result<void> Verification::check_rows() {
  MAILROOM_TRY(const auto found,
               core_.call([&] { return archive::find_contradictions(catalogue_.database()); }));
  for (const auto& contradiction : found) find(contradiction.what, contradiction.where, contradiction.text);
  return {};
}

/// Every file in the folder of a batch that is not being fed has its row or its audit entry.
Result<void> Verification::check_batch_folder(const Batch& batch) {
  MAILROOM_TRY(const auto pages, core_.call([&] { return catalogue_.pages().of_batch(batch.id); }));
  MAILROOM_TRY(const auto aside,
               core_.call([&] { return untaken_in_audit(catalogue_.database(), batch.id); }));
  std::set<std::string> known;
  for (const auto& page : pages) {
    known.insert(Spool::file_name({batch.id, page.image.sheet, page.image.side, page.image.format}));
  }
  MAILROOM_TRY(const auto files, spool_.files_of(batch.id));
  for (const auto& name : files.own) {
    if (!known.contains(name))
      find("file", batch.number + " " + name, "the catalogue does not know this file of the spool");
  }
  for (const auto& name : files.untaken) {
    if (!aside.contains(name))
      find("file", batch.number + " " + name, "this file was set aside without an audit entry");
  }
  return {};
}

Result<void> Verification::check_leftovers() {
  MAILROOM_TRY(const auto batches, core_.call([&] { return catalogue_.batches().latest(1'000'000); }));
  std::set<std::string> known;
  for (const Batch& batch : batches) {
    known.insert(batch.id);
    if (batch.state != BatchState::feeding) MAILROOM_TRY_VOID(check_batch_folder(batch));
  }
  MAILROOM_TRY(const auto folders, spool_.batches());
  for (const auto& folder : folders) {
    // A batch that is opened right now comes later than our list.
    const bool opened_meanwhile = core_.call([&] { return bool(catalogue_.batches().get(folder)); });
    const bool is_going = folder == kExpiredFolder;
    if (!known.contains(folder) && !opened_meanwhile && !is_going)
      find("file", folder, "the catalogue does not know this folder of the spool");
  }
  return {};
}

}  // namespace mailroom::intake
