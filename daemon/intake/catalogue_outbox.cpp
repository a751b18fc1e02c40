#include "daemon/intake/catalogue_outbox.h"

#include <algorithm>

#include "daemon/base/kill_point.h"
#include "daemon/base/uuid.h"
#include "daemon/delivery/manifest.h"

namespace mailroom::intake {
namespace {

using archive::DeliveryRow;
using delivery::Receipt;
using delivery::ReceiptOutcome;
using delivery::ReceiptStatus;

std::string_view state_after(ReceiptStatus status) {
  switch (status) {
    case ReceiptStatus::stored: return archive::kStored;
    case ReceiptStatus::rejected: return archive::kRejected;
    case ReceiptStatus::returned: return archive::kReturned;
  }
  return archive::kOwed;
}

void add_owed(std::vector<delivery::OwedManifest>& list, std::vector<DeliveryRow> rows) {
  for (DeliveryRow& row : rows) list.push_back({std::move(row.id), std::move(row.manifest), row.attempts});
}

}  // namespace

Result<std::vector<delivery::OwedManifest>> CatalogueOutbox::due(const std::string& recipient, Timestamp now,
                                                                 int fresh) {
  return core_.call([&]() -> Result<std::vector<delivery::OwedManifest>> {
    auto deliveries = catalogue_.deliveries();
    MAILROOM_TRY(auto again, deliveries.due_again(recipient, now));
    MAILROOM_TRY(auto never, deliveries.fresh(recipient, fresh));
    again.insert(again.end(), std::make_move_iterator(never.begin()), std::make_move_iterator(never.end()));
    std::stable_sort(again.begin(), again.end(),
                     [](const DeliveryRow& a, const DeliveryRow& b) { return a.priority > b.priority; });
    std::vector<delivery::OwedManifest> list;
    add_owed(list, std::move(again));
    return list;
  });
}

Result<std::optional<Timestamp>> CatalogueOutbox::next_due(const std::string& recipient) {
  return core_.call([&] { return catalogue_.deliveries().next_due(recipient); });
}

Result<int> CatalogueOutbox::unreceipted(const std::string& recipient) {
  return core_.call([&] { return catalogue_.deliveries().unreceipted(recipient); });
}

Result<void> CatalogueOutbox::record_attempt(const std::string& id, Timestamp at, Timestamp next_due) {
  return core_.call([&] { return catalogue_.deliveries().record_attempt(id, at, next_due); });
}

Result<std::optional<DeliveryRow>> CatalogueOutbox::delivery_of(const std::string& recipient,
                                                                const std::string& id) {
  MAILROOM_TRY(auto found, catalogue_.deliveries().find(id));
  if (found && found->recipient != recipient) found.reset();
  return found;
}

Result<ReceiptOutcome> CatalogueOutbox::conclude(const std::string& recipient, const Receipt& receipt,
                                                 Timestamp at) {
  MAILROOM_TRY(const auto row, delivery_of(recipient, receipt.id));
  if (!row) return ReceiptOutcome::unknown_id;
  if (row->state != archive::kOwed) return ReceiptOutcome::duplicate;
  if (receipt.status == ReceiptStatus::stored && !delivery::digests_agree(row->manifest, receipt)) {
    return ReceiptOutcome::digest_mismatch;
  }
  MAILROOM_TRY(auto transaction, catalogue_.database().begin());
  const nlohmann::json answer = {{"reason", receipt.reason}, {"seq", receipt.seq}};
  MAILROOM_TRY_VOID(catalogue_.deliveries().conclude(receipt.id, state_after(receipt.status), receipt.record,
                                                     answer.dump(), at));
  MAILROOM_TRY_VOID(on_answer_(transaction, *row, receipt));
  kill_point("receipt.before_commit");
  MAILROOM_TRY_VOID(transaction.commit());
  kill_point("receipt.after_commit");
  return ReceiptOutcome::accepted;
}

Result<ReceiptOutcome> CatalogueOutbox::record_receipt(const std::string& recipient, const Receipt& receipt,
                                                       Timestamp at) {
  return core_.call([&]() -> Result<ReceiptOutcome> {
    MAILROOM_TRY(const ReceiptOutcome outcome, conclude(recipient, receipt, at));
    if (outcome == ReceiptOutcome::accepted) changed_();
    return outcome;
  });
}

Result<bool> CatalogueOutbox::record_progress(const std::string& recipient,
                                              const delivery::Progress& progress, Timestamp at) {
  return core_.call([&]() -> Result<bool> {
    MAILROOM_TRY(const auto row, delivery_of(recipient, progress.id));
    if (!row) return false;
    MAILROOM_TRY_VOID(catalogue_.deliveries().insert_progress(
        {progress.id, progress.seq, progress.step, progress.text}, at));
    changed_();
    return true;
  });
}

Result<void> CatalogueOutbox::dead_letter(const delivery::DeadLetter& letter) {
  return core_.call([&] {
    return catalogue_.deliveries().insert_dead_letter(
        new_uuid(clock_),
        {letter.recipient, letter.topic, letter.reason, letter.sha256, letter.size, letter.payload},
        letter.at);
  });
}

Result<std::optional<std::uint64_t>> CatalogueOutbox::content_size(const std::string& recipient,
                                                                   const std::string& id,
                                                                   const std::string& sha256) {
  MAILROOM_TRY(const auto row, core_.call([&] { return delivery_of(recipient, id); }));
  if (!row) return std::optional<std::uint64_t>();
  MAILROOM_TRY(const auto manifest, delivery::read_manifest(row->manifest));
  for (const auto& content : manifest.contents) {
    if (content.sha256 == sha256) return std::optional(content.size);
  }
  return std::optional<std::uint64_t>();
}

Result<Bytes> CatalogueOutbox::content_block(const std::string& recipient, const std::string& id,
                                             const std::string& sha256, std::uint64_t offset,
                                             std::size_t length) {
  MAILROOM_TRY(const auto size, content_size(recipient, id, sha256));
  if (!size) return fail(Errc::not_found, "this delivery has no such content");
  return contents_.read_range(sha256, offset, length);
}

}  // namespace mailroom::intake
