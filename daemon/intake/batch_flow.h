#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "daemon/archive/catalogue.h"
#include "daemon/archive/content_store.h"
#include "daemon/assembly/assemble.h"
#include "daemon/config/configuration.h"
#include "daemon/crypto/cms.h"
#include "daemon/crypto/routing_key.h"
#include "daemon/delivery/outbox.h"
#include "daemon/intake/sealing.h"
#include "daemon/intake/spool.h"
#include "drivers/scanner/client/scan_process.h"

namespace mailroom::intake {

/// What an operator says when a stack goes into the feeder.
struct NewBatch {
  std::string scanner;
  std::string profile;
  std::string operator_id;
  std::optional<int> declared_sheets;
  std::string received_date;            ///< ISO; empty: today
  std::optional<Channel> channel = {};  ///< else the profile's
  std::string caller = {};              ///< who asked, as the control socket knows it, for the audit
};

/// An answer to a clarification, as it was given.
struct Answer {
  std::string clarification;  ///< id
  std::string kind;
  nlohmann::json arguments = nlohmann::json::object();
  std::string person;
  std::optional<int> version;  ///< refuse when the clarification has moved on
  std::string caller = {};     ///< who asked, as the control socket knows it, for the audit
};

/// What the flow asks of the other rooms. Called on the core thread, must not block.
struct FlowRequests {
  std::function<void(const archive::Batch&, const archive::Page&)> read;  ///< have this side read
  std::function<void(const std::string& document)> seal;                  ///< have this document sealed
  std::function<void()> deliver;                                          ///< new work is owed
  std::function<void()> changed;                                          ///< for those who watch
};

/// What the flow works with; everything outlives it.
struct FlowRooms {
  archive::Catalogue& catalogue;
  const Spool& spool;
  archive::ContentStore& contents;
  const Configuration& configuration;
  const std::vector<RoutingKey>& routing_keys;
  const Identity& appliance;
  const Clock& clock;
  std::filesystem::path unowned;  ///< folder for content files that no document has
  std::string node;               ///< name of this appliance in manifests
};

/// The way of a batch from its first sheet to its last receipt: every step changes the catalogue in
/// one transaction together with its audit entry. Thread-bound to the core thread.
class BatchFlow {
 public:
  BatchFlow(FlowRooms rooms, FlowRequests requests)
      : rooms_(std::move(rooms)), requests_(std::move(requests)) {}

  /// After start: what was feeding is interrupted, what was not read, not assembled or not sealed is
  /// asked for again, files that no row knows are put aside. Errc::not_found names a batch whose
  /// profile the configuration no longer has. Nothing else may run yet.
  Result<void> recover();

  /// Removes the working copies of batches whose classes no longer need them (working_copy_days).
  Result<void> expire_working_copies();

  Result<archive::Batch> open(const NewBatch& wanted);
  Result<archive::Batch> reopen(const std::string& batch, const std::string& operator_id,
                                const std::string& caller = {});
  Result<void> abandon(const std::string& batch, const Error& why);  ///< no sheet came: nothing to keep

  /// A side is durable in the spool; from here on it is taken.
  Result<void> take(const std::string& batch, const CapturedImage& image, std::size_t size);
  Result<void> end_feed(const std::string& batch, const drivers::FeedSummary& summary);

  /// A worker's answer. Errc::crashed and timed_out count as a death; the second one is a failure.
  Result<void> record_reading(const std::string& page, const Result<PageReport>& outcome);

  Result<archive::Batch> answer(const Answer& answer);

  /// Gives a batch up; Errc::illegal_state while it is fed and once it is released.
  Result<archive::Batch> discard(const std::string& batch, const std::string& person,
                                 const std::string& reason, const std::string& caller = {});

  /// What the sealing of a document needs; Errc::illegal_state unless it is released.
  Result<SealOrder> seal_order(const std::string& document);
  Result<void> record_sealed(const SealedDocument& sealed);
  Result<void> record_seal_failure(const std::string& document, const Error& error);

  /// A recipient's answer, within the transaction that concludes its delivery.
  Result<void> record_answer(archive::Transaction& transaction, const archive::DeliveryRow& delivery,
                             const delivery::Receipt& receipt);

  /// The settings a batch is fed with.
  [[nodiscard]] Result<drivers::FeedSettings> feed_settings(const std::string& profile) const;

 private:
  Result<void> recover_batch(const archive::Batch& batch);
  Result<void> adopt_configuration(const archive::Batch& batch);
  Result<void> check_classes(const archive::Batch& batch);
  Result<void> put_unowned_contents_aside();
  [[nodiscard]] Result<bool> is_expired(const archive::Batch& batch) const;
  Result<void> give_back_half_sheet(archive::Transaction& transaction, archive::Batch& batch);
  Result<void> put_untaken_aside(const archive::Batch& batch);
  Result<void> assemble(const std::string& batch);
  Result<void> check_answer(const archive::ClarificationRow& row, const Answer& answer) const;
  Result<void> raise(const std::string& batch, const assembly::Clarification& clarification,
                     const std::vector<archive::ClarificationRow>& known);
  Result<void> settle_clarifications(const std::string& batch, const assembly::Assembly& assembly);
  Result<void> record_roles(const assembly::Assembly& assembly);
  Result<void> move_on(archive::Transaction& transaction, archive::Batch& batch,
                       const assembly::Assembly& assembly, const std::vector<archive::Page>& pages,
                       std::vector<std::string>& released);
  Result<std::vector<std::string>> release(archive::Transaction& transaction, const archive::Batch& batch,
                                           const assembly::Assembly& assembly,
                                           const std::vector<archive::Page>& pages);
  Result<void> finish_if_done(archive::Transaction& transaction, const std::string& batch);
  Result<void> audit(archive::Transaction& transaction, const std::string& actor, const std::string& action,
                     std::vector<std::string> subjects, nlohmann::json details = nlohmann::json::object());
  Result<std::vector<archive::NotedAnomaly>> anomalies_of(const std::string& batch);
  Result<void> open_return(const archive::DocumentRow& document, const archive::DeliveryRow& delivery,
                           const delivery::Receipt& receipt);
  Result<std::string> document_of(const archive::ClarificationRow& row);
  Result<void> close_returns_of(const archive::DocumentRow& document);
  Result<std::string> reissue(const archive::DocumentRow& old, const nlohmann::json& arguments);
  Result<void> answer_after_release(archive::Transaction& transaction, const archive::ClarificationRow& row,
                                    const Answer& answer, std::string& to_seal);
  Result<std::string> delivery_replaced_by(const archive::DocumentRow& document,
                                           const std::string& recipient);
  Result<archive::DeliveryRow> make_delivery(const archive::DocumentRow& document,
                                             const SealedDocument& sealed, const std::string& recipient,
                                             const archive::AuditHead& head);

  FlowRooms rooms_;
  FlowRequests requests_;
};

}  // namespace mailroom::intake
