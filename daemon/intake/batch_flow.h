#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/archive/catalogue.h"
#include "daemon/archive/content_store.h"
#include "daemon/archive/erasures.h"
#include "daemon/archive/panels.h"
#include "daemon/assembly/assemble.h"
#include "daemon/config/configuration.h"
#include "daemon/crypto/cms.h"
#include "daemon/crypto/routing_key.h"
#include "daemon/delivery/outbox.h"
#include "daemon/intake/sealing.h"
#include "daemon/intake/spool.h"
#include "daemon/invoice/deadlines/deadlines.h"
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
  std::string station = {};             ///< id of the workplace, when it was one
  std::string mode = "unattended";      ///< as batch.mode in docs/formats/catalogue.md
  Priority priority = Priority::ordinary;
  std::vector<assembly::Edit> marks = {};         ///< of kind "mark_next", for its first document
  std::optional<archive::PanelPress> press = {};  ///< recorded in the same transaction
};

/// Somebody goes on with an interrupted batch.
struct Resumption {
  std::string batch;
  std::string person;
  std::string caller = {};
  std::optional<int> stated_from = {};            ///< the sheet that lies on top, when safe ones go in again
  std::optional<archive::PanelPress> press = {};  ///< recorded in the same transaction
};

/// A file that others have put into a folder or uploaded, whole.
struct ReceivedFile {
  std::string profile;  ///< one with the source "files"
  std::string name;     ///< as it is called where it came from, for people
  Bytes bytes;
  std::string origin;                   ///< what makes it this one arrival; the same again is no new one
  std::string operator_id;              ///< the folder, or the person of an upload
  std::optional<Channel> channel = {};  ///< else e-mail for e-mails, the profile's for others
  std::string caller = {};
  std::optional<PageReport> report = {};  ///< of a file that this house made itself: nobody reads it again
};

/// A batch as it is now, put together for somebody to look at.
struct BatchLook {
  archive::Batch batch;
  std::vector<archive::Page> pages;  ///< in feed order
  assembly::Assembly assembly;       ///< provisional while pages are unread
  std::vector<archive::EditRow> edits;
};

/// Changes a person asks for, all or none.
struct EditOrder {
  std::string batch;
  int version = 0;  ///< of the batch as the person saw it
  std::vector<assembly::Edit> edits;
  std::string person;
  std::optional<archive::PanelPress> press = {};  ///< recorded in the same transaction
};

/// Until when an invoice is to be paid.
struct OpenDeadline {
  archive::InvoiceState invoice;
  invoice::Deadline deadline;
};

/// What a person of quality control says about a document as it is now.
struct QualityOrder {
  std::string batch;
  int version = 0;
  std::string document;  ///< key
  std::string outcome;   ///< "accept", "reject", "rescan"
  std::vector<std::string> wrong;
  std::string note;
  std::string person;
};

/// One sheet more for a place in the middle.
struct RescanOrder {
  std::string batch;
  int version = 0;
  std::string page;
  bool instead = true;  ///< else behind it
  std::string person;
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

/// The wish to erase a document with all its versions, or a discarded batch.
struct ErasureWish {
  std::string subject;  ///< id or number
  std::string reason;   ///< one of archive::erasure_reasons()
  std::string person;
  std::string caller = {};  ///< who asked, as the control socket knows it, for the audit
};

/// A second person's word on an erasure.
struct ErasureDecision {
  std::string erasure;  ///< id
  std::string person;
  std::string caller = {};
};

/// What the flow asks of the other rooms. Called on the core thread, must not block.
struct FlowRequests {
  std::function<void(const archive::Batch&, const archive::Page&)> read;  ///< have this side read
  std::function<void(const std::string& document)> seal;                  ///< have this document sealed
  std::function<void()> deliver;                                          ///< new work is owed
  std::function<void()> changed;                                          ///< for those who watch
  /// Have two sides compared: `page` was fed later than `other`.
  std::function<void(const archive::Batch&, const archive::Page& page, const archive::Page& other)> compare =
      {};
  std::function<void(const std::string& recipient, const std::string& event)> tell = {};  ///< a recipient
};

inline constexpr std::size_t kReceivedAtMost = std::size_t{64} << 20U;  ///< bytes of a file

/// The side that a file becomes. Errc::refused for a file that is no XML, PDF or e-mail or is larger than
/// kReceivedAtMost. Reentrant.
Result<CapturedImage> side_of(const ReceivedFile& file);

/// Whether a clarification is of the time after release: about one document or one of its deliveries.
bool is_about_a_released_document(const std::string& reason);

/// What the flow works with; everything outlives it.
struct FlowRooms {
  archive::Catalogue& catalogue;
  const Spool& spool;
  archive::ContentStore& contents;
  const Configuration& configuration;
  const std::vector<RoutingKey>& routing_keys;
  const Identity& appliance;
  const Clock& clock;
  std::filesystem::path unowned;    ///< folder for content files that no document has
  std::string node;                 ///< name of this appliance in manifests
  std::filesystem::path data = {};  ///< the data folder, for its backup lock
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

  /// Removes the working copies of finished batches whose classes no longer need them
  /// (working_copy_days). Where backups are made they wait for one that was begun after the last
  /// receipt, where paper is released (release_originals()) for that.
  Result<void> expire_working_copies();

  Result<archive::Batch> open(const NewBatch& wanted);

  /// Goes on with an interrupted batch. `stated_from`: the sheet that lies on top, when sheets that are safe
  /// go in again.
  Result<archive::Batch> reopen(const std::string& batch, const std::string& operator_id,
                                const std::string& caller = {}, std::optional<int> stated_from = {});
  Result<archive::Batch> reopen(const Resumption& wanted);

  /// Ends a paused batch: what was fed is all there is. Errc::illegal_state for one that is not paused.
  Result<archive::Batch> close_paused(const Resumption& wanted);

  /// Opens a batch of its own for a file, whose one side `image` will be (side_of()); its bytes are to be
  /// stored in the spool next, which may take a while and is not for the core thread, then take_file() or
  /// abandon(). A file of an origin that is known gives the batch it has, which is not `feeding`.
  /// Errc::invalid_input for a profile that scans.
  Result<archive::Batch> open_for_file(const ReceivedFile& file, const CapturedImage& image);

  /// The file is durable in the spool: its batch is closed and read. Errc::conflict when the same arrival was
  /// taken meanwhile.
  Result<archive::Batch> take_file(const archive::Batch& batch, const ReceivedFile& file,
                                   const CapturedImage& image);

  Result<void> abandon(const std::string& batch, const Error& why);  ///< no sheet came: nothing to keep

  /// A side is durable in the spool; from here on it is taken.
  Result<void> take(const std::string& batch, const CapturedImage& image, std::size_t size);
  Result<void> end_feed(const std::string& batch, const drivers::FeedSummary& summary);

  /// A worker's answer. Errc::crashed and timed_out count as a death; the second one is a failure.
  Result<void> record_reading(const std::string& page, const Result<PageReport>& outcome);

  /// What comparing two sides gave; an error counts as doubt.
  Result<void> record_likeness(const std::string& page, const std::string& other,
                               const Result<Likeness>& outcome);

  Result<archive::Batch> answer(const Answer& answer);

  /// Takes over the creditors of a CSV file (creditors_from_csv()) and looks again at what is held. The
  /// value is their number.
  Result<std::size_t> import_creditors(std::string_view csv, const std::string& person,
                                       const std::string& caller = {});

  /// Everybody the city pays. Valid until the next call of any method.
  Result<const invoice::CreditorBook*> creditors();

  /// Those of all invoices that are neither paid nor rejected nor written by the house, the earliest first.
  Result<std::vector<OpenDeadline>> open_deadlines();

  /// Tells the recipients that want it which invoices are to be paid soon or are overdue: each deadline once
  /// in the audit, its event again each day until the invoice is paid or rejected.
  Result<void> tell_deadlines();

  /// Puts the batch together as it is now, without changing anything.
  Result<BatchLook> look(const std::string& batch);

  /// Records a person's changes. Errc::conflict when the batch has moved on since `version`,
  /// Errc::illegal_state once it is released, Errc::invalid_input naming what is wrong with an edit.
  Result<void> edit(const EditOrder& order);
  Result<void> undo(const std::string& batch, int version, const std::string& person);
  Result<void> check_quality(const QualityOrder& order);

  /// Reopens the batch for the feed of a sheet that belongs to a place in the middle.
  Result<archive::Batch> begin_rescan(const RescanOrder& order);

  /// Gives a batch up; Errc::illegal_state while it is fed and once it is released.
  Result<archive::Batch> discard(const std::string& batch, const std::string& person,
                                 const std::string& reason, const std::string& caller = {});

  /// Enters the wish; nothing is erased yet. Errc::illegal_state for a batch that is not discarded.
  Result<archive::Erasure> request_erasure(const ErasureWish& wish);

  /// Erases, by another person than the one who asked (else Errc::refused): in one transaction the
  /// rows lose what tells about a person and the tombstone and its audit entry are written, then the
  /// files go. Errc::illegal_state while a version of the document is being sealed, Errc::busy while
  /// a backup runs.
  Result<archive::Erasure> confirm_erasure(const ErasureDecision& decision);
  Result<archive::Erasure> refuse_erasure(const ErasureDecision& decision);

  /// A person has seen to it that the paper of a finished batch may go.
  Result<void> release_originals(const std::string& batch, const std::string& person,
                                 const std::string& caller = {});

  /// What the sealing of a document needs; Errc::illegal_state unless it is released.
  Result<SealOrder> seal_order(const std::string& document);
  Result<void> record_sealed(const SealedDocument& sealed);
  Result<void> record_seal_failure(const std::string& document, const Error& error);

  /// A content that a recipient asks for is damaged: asks a person once, nothing of it is sent.
  Result<void> record_content_damage(const archive::DeliveryRow& delivery, const Error& error);

  /// A recipient's answer, within the transaction that concludes its delivery.
  Result<void> record_answer(archive::Transaction& transaction, const archive::DeliveryRow& delivery,
                             const delivery::Receipt& receipt);

  /// A recipient that answers others has passed this delivery over again and again; within the
  /// transaction that ends its sending.
  Result<void> record_dead(archive::Transaction& transaction, const archive::DeliveryRow& delivery);

  /// Sends a delivery again under its id, by hand. Errc::illegal_state unless it is owed or dead.
  Result<void> resend(const std::string& delivery, const std::string& person, const std::string& caller = {});

  /// The settings a profile feeds with.
  [[nodiscard]] Result<drivers::FeedSettings> feed_settings(const std::string& profile) const;

  /// The same for a batch, whose sheets are numbered where the profile has an endorser print on them.
  [[nodiscard]] Result<drivers::FeedSettings> feed_settings(const archive::Batch& batch) const;

 private:
  [[nodiscard]] Result<nlohmann::json> batch_settings(const std::string& profile) const;
  Result<void> recover_file(const archive::Batch& batch);
  Result<void> recover_batch(const archive::Batch& batch);
  Result<void> adopt_configuration(const archive::Batch& batch);
  Result<void> check_classes(const archive::Batch& batch);
  Result<void> put_unowned_contents_aside();
  Result<std::vector<archive::DocumentRow>> versions_of(const archive::Erasure& erasure);
  Result<void> blank(archive::Transaction& transaction, const archive::Erasure& erasure,
                     const std::vector<archive::DocumentRow>& documents, nlohmann::json& tombstone);
  Result<void> blank_document(archive::Transaction& transaction, const archive::Erasure& erasure,
                              const archive::DocumentRow& document, nlohmann::json& tombstone);
  Result<void> blank_page(const archive::Erasure& erasure, const archive::Page& page,
                          nlohmann::json& tombstone);
  Result<void> finish_erasure(const archive::Erasure& erasure);
  Result<void> remove_erased_files(const archive::Erasure& erasure);
  [[nodiscard]] Result<bool> is_expired(const archive::Batch& batch) const;
  [[nodiscard]] Result<bool> is_safe_elsewhere(const archive::Batch& batch) const;
  Result<void> give_back_half_sheet(archive::Transaction& transaction, archive::Batch& batch);
  Result<void> put_untaken_aside(const archive::Batch& batch);
  Result<void> end_feed_row(const archive::Batch& batch, const drivers::FeedSummary& summary);
  Result<assembly::BatchFacts> facts_of(const archive::Batch& batch);
  Result<void> record_press(archive::Transaction& transaction,
                            const std::optional<archive::PanelPress>& press);
  bool ask_for_comparisons(const archive::Batch& batch, const assembly::BatchFacts& facts,
                           const std::vector<archive::Page>& pages);
  Result<void> note_feeds(SealOrder& order);
  Result<void> assemble(const std::string& batch);
  Result<void> ask_about_restore(const std::string& batch, const std::vector<archive::ResolutionRow>& answers,
                                 assembly::Assembly& assembly);
  Result<archive::Batch> editable(const std::string& batch, int version);
  Result<assembly::PersonsWork> persons_work(const archive::Batch& batch);
  Result<void> complete(assembly::Edit& edit, const assembly::Assembly& assembly) const;
  Result<assembly::Assembly> put_together(const archive::Batch& batch,
                                          const std::vector<archive::Page>& pages);
  Result<void> check_answer(const archive::ClarificationRow& row, const Answer& answer);
  Result<void> check_quality_person(const archive::ClarificationRow& row, const std::string& first_page,
                                    const Answer& answer);
  Result<void> check_other_person(const archive::Batch& batch, const std::string& document_class,
                                  const std::string& person) const;
  Result<void> check_second_person(const archive::ClarificationRow& row, const Answer& answer) const;
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
  Result<void> tell_deadlines_of(archive::Transaction& transaction, const archive::InvoiceState& invoice,
                                 const std::string& today,
                                 std::vector<std::pair<std::string, std::string>>& events);
  Result<void> remember_invoice(const assembly::AssembledInvoice& invoice, const std::string& document);
  Result<void> finish_if_done(archive::Transaction& transaction, const std::string& batch);
  Result<void> audit(archive::Transaction& transaction, const std::string& actor, const std::string& action,
                     std::vector<std::string> subjects, nlohmann::json details = nlohmann::json::object());
  Result<std::vector<archive::NotedAnomaly>> anomalies_of(const std::string& batch);
  Result<void> open_return(const archive::DocumentRow& document, const archive::DeliveryRow& delivery,
                           const delivery::Receipt& receipt);
  Result<std::string> document_of(const archive::ClarificationRow& row);
  Result<void> close_returns_of(const archive::DocumentRow& document);
  Result<void> close_unanswered(const archive::DeliveryRow& delivery, const std::string& batch);
  Result<std::string> reissue(const archive::DocumentRow& old, const nlohmann::json& arguments);
  Result<void> answer_after_release(archive::Transaction& transaction, const archive::ClarificationRow& row,
                                    const Answer& answer, std::string& to_seal);
  Result<std::string> delivery_replaced_by(const archive::DocumentRow& document,
                                           const std::string& recipient);
  [[nodiscard]] std::optional<delivery::HttpsAccess> https_access(const std::string& recipient,
                                                                  const std::string& delivery) const;
  Result<archive::DeliveryRow> make_delivery(const archive::DocumentRow& document,
                                             const SealedDocument& sealed, const std::string& recipient,
                                             const archive::AuditHead& head);

  FlowRooms rooms_;
  FlowRequests requests_;
  std::set<std::pair<std::string, std::string>> comparing_;  ///< asked for and not answered
  std::optional<invoice::CreditorBook> creditors_;           ///< as in the catalogue; empty: to be read
  std::string told_on_;                                      ///< ISO day on which all deadlines were told
};

}  // namespace mailroom::intake
