#include <algorithm>
#include <filesystem>

#include "daemon/intake/verification.h"

/// What is gone must be gone by right and as a whole: a tombstone or an expiry with its audit entry,
/// and nothing left of what it says is gone.
namespace mailroom::intake {
namespace {

using archive::Erasure;
using nlohmann::json;

bool names(const archive::AuditEntry& entry, const std::string& subject) {
  const auto& subjects = entry.record.subjects;
  return std::find(subjects.begin(), subjects.end(), subject) != subjects.end();
}

/// The digests in a list of a tombstone, as the audit has to name them.
json digests_of(const json& tombstone, const char* list) {
  json digests = json::array();
  for (const json& item : tombstone.value(list, json::array())) digests.push_back(item.value("sha256", ""));
  return digests;
}

}  // namespace

Result<bool> Verification::is_erased(const std::string& subject) {
  return core_.call([&] { return archive::Erasures(catalogue_.database()).is_erased(subject); });
}

/// Working copies that are not there are only right when the audit says that they went.
Result<bool> Verification::is_expired(const archive::Batch& batch) {
  if (batch.state != BatchState::finished || std::filesystem::exists(spool_.folder_of(batch.id)))
    return false;
  MAILROOM_TRY(const auto entries,
               core_.call([&] { return archive::read_audit(catalogue_.database(), batch.id); }));
  return std::any_of(entries.begin(), entries.end(), [](const archive::AuditEntry& entry) {
    return entry.record.action == "batch.working_copies_removed";
  });
}

Result<void> Verification::check_tombstone(const Erasure& erasure) {
  MAILROOM_TRY(const auto entries,
               core_.call([&] { return archive::read_audit(catalogue_.database(), erasure.id); }));
  const auto entry = std::find_if(entries.begin(), entries.end(), [&](const archive::AuditEntry& one) {
    return one.record.action == erasure.scope + ".erased" && names(one, erasure.id);
  });
  if (entry == entries.end()) {
    find("erasure", erasure.id, "the tombstone has no entry in the audit");
  } else if (entry->record.details.value("contents", json()) != digests_of(erasure.tombstone, "contents") ||
             entry->record.details.value("pages", json()) != digests_of(erasure.tombstone, "pages")) {
    find("erasure", erasure.id, "tombstone and audit name other digests");
  }
  if (erasure.requested_by == erasure.decided_by)
    find("erasure", erasure.id, "one person alone has asked for it and confirmed it");
  MAILROOM_TRY(const auto owned, core_.call([&] { return catalogue_.documents().all_digests(); }));
  for (const json& content : erasure.tombstone.value("contents", json::array())) {
    const std::string digest = content.value("sha256", "");
    const bool also_another = std::binary_search(owned.begin(), owned.end(), digest);
    if (!also_another && contents_.contains(digest))
      find("erasure", digest, "an erased content is still there");
  }
  for (const json& item : erasure.tombstone.value("pages", json::array())) {
    MAILROOM_TRY(const auto page, core_.call([&] { return catalogue_.pages().get(item.value("id", "")); }));
    const SpoolEntry side{page.batch, page.image.sheet, page.image.side, page.image.format};
    if (std::filesystem::exists(spool_.path_of(side)))
      find("erasure", spool_.path_of(side).string(), "an erased side is still there");
    if (page.report) find("erasure", page.id, "what was read on an erased side is still there");
  }
  return {};
}

Result<void> Verification::check_erasures() {
  MAILROOM_TRY(const auto all, core_.call([&] { return archive::Erasures(catalogue_.database()).all(); }));
  for (const Erasure& erasure : all) {
    // One at work is finished before the core thread answers the next question, or at the next start.
    if (erasure.state == archive::kErasing)
      find("erasure", erasure.id, "the erasure was not finished: start the daemon, it goes on by itself");
    if (erasure.state == archive::kErased) MAILROOM_TRY_VOID(check_tombstone(erasure));
  }
  return {};
}

}  // namespace mailroom::intake
