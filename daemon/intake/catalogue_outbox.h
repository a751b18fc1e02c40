#pragma once

#include <functional>
#include <string>
#include <vector>

#include "daemon/archive/catalogue.h"
#include "daemon/archive/content_store.h"
#include "daemon/base/work_thread.h"
#include "daemon/delivery/outbox.h"

namespace mailroom::intake {

/// What happens in the house when a recipient has answered; called on the core thread within the
/// transaction that records the answer.
using OnAnswer =
    std::function<Result<void>(archive::Transaction&, const archive::DeliveryRow&, const delivery::Receipt&)>;

/// What happens in the house when a recipient that answers others never answers this one; called on
/// the core thread within the transaction that ends the sending.
using OnDead = std::function<Result<void>(archive::Transaction&, const archive::DeliveryRow&)>;

/// So often a delivery is passed over before a person is asked: some twenty minutes at least.
inline constexpr int kPassedOver = 8;
/// Called on the core thread when a content of a delivery is damaged or missing.
using OnDamage = std::function<Result<void>(const archive::DeliveryRow&, const Error&)>;

/// Keeps a recipient's answer to the citizen who handed a document in; called on the core thread. False: the document
/// has no mailbox.
using OnReply = std::function<Result<bool>(const archive::DeliveryRow&, const delivery::Reply&)>;

/// The outbox as the delivery sees it, kept in the catalogue. Thread-safe: every method works on
/// the core thread, blocks are read from the content store without it.
class CatalogueOutbox final : public delivery::Outbox {
 public:
  /// `changed` is called after each answer or progress, on the core thread.
  CatalogueOutbox(WorkThread& core, archive::Catalogue& catalogue, const archive::ContentStore& contents,
                  const Clock& clock, OnAnswer on_answer, std::function<void()> changed, OnDead on_dead = {},
                  OnDamage on_damage = {}, OnReply on_reply = {})
      : core_(core),
        catalogue_(catalogue),
        contents_(contents),
        clock_(clock),
        on_answer_(std::move(on_answer)),
        changed_(std::move(changed)),
        on_dead_(std::move(on_dead)),
        on_damage_(std::move(on_damage)),
        on_reply_(std::move(on_reply)) {}

  Result<std::vector<delivery::OwedManifest>> due(const std::string& recipient, Timestamp now,
                                                  int fresh) override;
  Result<std::optional<Timestamp>> next_due(const std::string& recipient) override;
  Result<int> unreceipted(const std::string& recipient) override;
  Result<void> record_attempt(const std::string& id, Timestamp at, Timestamp next_due) override;
  Result<delivery::ReceiptOutcome> record_receipt(const std::string& recipient,
                                                  const delivery::Receipt& receipt, Timestamp at) override;
  Result<bool> record_progress(const std::string& recipient, const delivery::Progress& progress,
                               Timestamp at) override;
  Result<bool> record_reply(const std::string& recipient, const delivery::Reply& reply, Timestamp at) override;
  Result<void> dead_letter(const delivery::DeadLetter& letter) override;
  Result<std::optional<std::uint64_t>> content_size(const std::string& recipient, const std::string& id,
                                                    const std::string& sha256) override;
  Result<Bytes> content_block(const std::string& recipient, const std::string& id, const std::string& sha256,
                              std::uint64_t offset, std::size_t length) override;

 private:
  Result<void> count_passed_over(const archive::DeliveryRow& row);
  Result<delivery::ReceiptOutcome> take_unknown(const std::string& recipient,
                                                const delivery::Receipt& receipt, Timestamp at);
  Result<delivery::ReceiptOutcome> take_late(const archive::DeliveryRow& row,
                                             const delivery::Receipt& receipt, Timestamp at);
  Result<delivery::ReceiptOutcome> conclude(const std::string& recipient, const delivery::Receipt& receipt,
                                            Timestamp at);
  Result<void> prove(const std::string& id, const std::string& sha256);
  Result<std::optional<archive::DeliveryRow>> delivery_of(const std::string& recipient,
                                                          const std::string& id);

  WorkThread& core_;
  archive::Catalogue& catalogue_;
  const archive::ContentStore& contents_;
  const Clock& clock_;
  OnAnswer on_answer_;
  std::function<void()> changed_;
  OnDead on_dead_;
  OnDamage on_damage_;
  OnReply on_reply_;
};

}  // namespace mailroom::intake
