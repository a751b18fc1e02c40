#include "daemon/intake/catalogue_outbox.h"

#include <algorithm>

#include "daemon/archive/erasures.h"
#include "daemon/archive/meta.h"
#include "daemon/archive/undelivered.h"
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

/// So many lost deliveries of one recipient are kept at most: nobody fills the disk with them.
constexpr int kHeldElsewhereAtMost = 200'000;

void add_owed(std::vector<delivery::OwedManifest>& list, std::vector<DeliveryRow> rows) {
  for (DeliveryRow& row : rows) list.push_back({std::move(row.id), std::move(row.manifest), row.attempts});
}

/// The two in turn: only the first of the list are sent at once, and neither what is sent again nor what
/// is new may keep the other waiting for ever.
std::vector<DeliveryRow> taken_in_turn(std::vector<DeliveryRow> again, std::vector<DeliveryRow> fresh) {
  std::vector<DeliveryRow> rows;
  for (std::size_t i = 0; i < std::max(again.size(), fresh.size()); ++i) {
    if (i < again.size()) rows.push_back(std::move(again[i]));
    if (i < fresh.size()) rows.push_back(std::move(fresh[i]));
  }
  return rows;
}

}  // namespace

Result<std::vector<delivery::OwedManifest>> CatalogueOutbox::due(const std::string& recipient, Timestamp now,
                                                                 int fresh) {
  return core_.call([&]() -> Result<std::vector<delivery::OwedManifest>> {
    auto deliveries = catalogue_.deliveries();
    MAILROOM_TRY(auto again, deliveries.due_again(recipient, now));
    MAILROOM_TRY(auto never, deliveries.fresh(recipient, fresh));
    auto rows = taken_in_turn(std::move(again), std::move(never));
    std::stable_sort(rows.begin(), rows.end(),
                     [](const DeliveryRow& a, const DeliveryRow& b) { return a.priority > b.priority; });
    std::vector<delivery::OwedManifest> list;
    add_owed(list, std::move(rows));
    return list;
  });
}

Result<std::optional<Timestamp>> CatalogueOutbox::next_due(const std::string& recipient) {
  return core_.call([&] { return catalogue_.deliveries().next_due(recipient); });
}

Result<int> CatalogueOutbox::unreceipted(const std::string& recipient) {
  return core_.call([&] { return catalogue_.deliveries().unreceipted(recipient); });
}

/// One attempt more without the answer that others got. Too many of them, and a person is asked.
Result<void> CatalogueOutbox::count_passed_over(const DeliveryRow& row) {
  archive::Undelivered undelivered(catalogue_.database());
  MAILROOM_TRY(auto transaction, catalogue_.database().begin());
  MAILROOM_TRY(const int passed_over, undelivered.pass_over(row.id));
  const bool dead = passed_over >= kPassedOver && row.state == archive::kOwed;
  if (dead) {
    MAILROOM_TRY_VOID(undelivered.bury(row.id));
    if (on_dead_) MAILROOM_TRY_VOID(on_dead_(transaction, row));
  }
  MAILROOM_TRY_VOID(transaction.commit());
  if (dead) changed_();
  return {};
}

Result<void> CatalogueOutbox::record_attempt(const std::string& id, Timestamp at, Timestamp next_due) {
  return core_.call([&]() -> Result<void> {
    auto deliveries = catalogue_.deliveries();
    MAILROOM_TRY(const auto before, deliveries.find(id));
    MAILROOM_TRY_VOID(deliveries.record_attempt(id, at, next_due));
    if (!before || before->last_attempt.empty() || before->state != archive::kOwed) return {};
    MAILROOM_TRY(const bool passed, archive::Undelivered(catalogue_.database())
                                        .answered_any_since(before->recipient, before->last_attempt));
    return passed ? count_passed_over(*before) : Result<void>();
  });
}

Result<std::optional<DeliveryRow>> CatalogueOutbox::delivery_of(const std::string& recipient,
                                                                const std::string& id) {
  MAILROOM_TRY(auto found, catalogue_.deliveries().find(id));
  if (found && found->recipient != recipient) found.reset();
  return found;
}

/// A restored appliance has lost what came after its backup: what recipients tell of it is kept for a
/// person. Anywhere else an unknown id is nonsense.
Result<ReceiptOutcome> CatalogueOutbox::take_unknown(const std::string& recipient, const Receipt& receipt,
                                                     Timestamp at) {
  MAILROOM_TRY(const std::string generation, archive::meta(catalogue_.database(), archive::kGeneration));
  MAILROOM_TRY(const auto foreign, catalogue_.deliveries().find(receipt.id));
  const bool restored = !generation.empty() && !foreign;
  if (!restored || receipt.status != ReceiptStatus::stored) return ReceiptOutcome::unknown_id;
  nlohmann::json contents = nlohmann::json::array();
  for (const auto& content : receipt.contents)
    contents.push_back({{"role", content.role}, {"sha256", content.sha256}});
  MAILROOM_TRY(const bool kept, archive::Undelivered(catalogue_.database())
                                    .insert_held_elsewhere(
                                        {receipt.id, recipient, receipt.record, contents.dump(), {}, {}, {}},
                                        at, kHeldElsewhereAtMost));
  // Concluded in an earlier generation: no dead letter.
  return kept ? ReceiptOutcome::duplicate : ReceiptOutcome::unknown_id;
}

/// An answer to what is concluded changes nothing, but for one thing: a recipient that has stored what
/// was withdrawn from it meanwhile must be known, so that somebody can ask it to remove that.
Result<ReceiptOutcome> CatalogueOutbox::take_late(const DeliveryRow& row, const Receipt& receipt,
                                                  Timestamp at) {
  const bool news = row.state == archive::kWithdrawn && row.record.empty();
  if (!news || receipt.status != ReceiptStatus::stored) return ReceiptOutcome::duplicate;
  MAILROOM_TRY(auto transaction, catalogue_.database().begin());
  MAILROOM_TRY_VOID(
      archive::Undelivered(catalogue_.database()).record_after_withdrawal(row.id, receipt.record));
  MAILROOM_TRY([[maybe_unused]] const auto head, archive::append_audit(transaction, at,
                                                                       {"recipient:" + row.recipient,
                                                                        "document.stored_after_withdrawal",
                                                                        {row.document, row.id},
                                                                        {{"record", receipt.record}}}));
  MAILROOM_TRY_VOID(transaction.commit());
  return ReceiptOutcome::duplicate;
}

Result<ReceiptOutcome> CatalogueOutbox::conclude(const std::string& recipient, const Receipt& receipt,
                                                 Timestamp at) {
  MAILROOM_TRY(const auto row, delivery_of(recipient, receipt.id));
  if (!row) return take_unknown(recipient, receipt, at);
  if (row->state != archive::kOwed && row->state != archive::kDead) return take_late(*row, receipt, at);
  if (receipt.status == ReceiptStatus::stored && !delivery::digests_agree(row->manifest, receipt)) {
    MAILROOM_TRY_VOID(count_passed_over(*row));
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

Result<bool> CatalogueOutbox::record_reply(const std::string& recipient, const delivery::Reply& reply,
                                           Timestamp /*at*/) {
  return core_.call([&]() -> Result<bool> {
    MAILROOM_TRY(const auto row, delivery_of(recipient, reply.id));
    if (!row || !on_reply_) return false;
    MAILROOM_TRY(const bool kept, on_reply_(*row, reply));
    if (kept) changed_();
    return kept;
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
  MAILROOM_TRY(const bool erased,
               core_.call([&] { return archive::Erasures(catalogue_.database()).is_erased(row->document); }));
  if (erased) return std::optional<std::uint64_t>();
  MAILROOM_TRY(const auto manifest, delivery::read_manifest(row->manifest));
  for (const auto& content : manifest.contents) {
    if (content.sha256 == sha256) return std::optional(content.size);
  }
  return std::optional<std::uint64_t>();
}

/// A recipient never gets the first byte of a content that is not what was sealed.
Result<void> CatalogueOutbox::prove(const std::string& id, const std::string& sha256) {
  auto proven = contents_.verify(sha256);
  if (proven || !on_damage_) return proven;
  const Error error = proven.error();
  MAILROOM_TRY_VOID(core_.call([&]() -> Result<void> {
    MAILROOM_TRY(const auto row, catalogue_.deliveries().find(id));
    return row ? on_damage_(*row, error) : Result<void>();
  }));
  return proven;
}

Result<Bytes> CatalogueOutbox::content_block(const std::string& recipient, const std::string& id,
                                             const std::string& sha256, std::uint64_t offset,
                                             std::size_t length) {
  MAILROOM_TRY(const auto size, content_size(recipient, id, sha256));
  if (!size) return fail(Errc::not_found, "this delivery has no such content");
  if (offset == 0) MAILROOM_TRY_VOID(prove(id, sha256));
  return contents_.read_range(sha256, offset, length);
}

}  // namespace mailroom::intake
