#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "daemon/assembly/clarification.h"
#include "daemon/base/error.h"
#include "daemon/config/configuration.h"
#include "daemon/crypto/routing_key.h"
#include "daemon/document/feed_fault.h"
#include "daemon/document/image.h"
#include "daemon/document/likeness.h"
#include "daemon/document/page_report.h"
#include "daemon/document/terms.h"
#include "daemon/invoice/decision/judge.h"

namespace mailroom::assembly {

/// One feed of the batch: a batch has another after each fault.
struct FeedFacts {
  int first_sheet = 1;
  int stated_from =
      0;  ///< the sheet on top according to the operator, when safe sheets went in again; 0: not said
};

/// How two sides look; `page` was fed later.
struct LikenessFacts {
  std::string page;
  std::string other;
  Likeness likeness;
};

/// What is known about the stack beside its pages.
struct BatchFacts {
  std::string profile;  ///< id
  Received received;
  int sheets_fed = 0;                      ///< sheets of which at least one side was taken
  std::optional<int> declared = {};        ///< by the operator, before or at the feed
  std::optional<int> device_counter = {};  ///< the device's own count
  std::optional<bool> feeder_empty = {};   ///< the sensor at the end
  std::optional<int> confirmed = {};       ///< counted by a person afterwards
  std::vector<FeedFault> faults = {};
  std::vector<FeedFacts> feeds = {};           ///< in order; empty: one
  std::vector<LikenessFacts> likenesses = {};  ///< of those that pairs_to_compare() asked for
  int passes_without_image = 0;                ///< sheets that the device counted and gave no whole image of
  std::optional<int> endorsed = {};            ///< sheets that got a number printed on them, in all feeds
  int rescanned = 0;                           ///< sheets fed once more for a place in the middle
  std::string id = {};                         ///< of the batch; chooses the sample for quality control
  bool attended = false;                       ///< each document waits for a person's confirmation
  Priority priority = Priority::ordinary;      ///< of its documents at least
};

/// Why a page could not be read.
struct ReadingFailure {
  Errc code = Errc::corrupt;
  std::string text;  ///< in the operator's words
};

/// One captured side.
struct PageFacts {
  std::string id;
  int sheet = 0;  ///< 1-based
  Side side = Side::front;
  std::string sha256;
  std::optional<PageReport> report = {};       ///< when it could be read
  std::optional<ReadingFailure> failure = {};  ///< when it could not
  int deaths = 0;                              ///< page workers that died on it
};

/// What a person changed (docs/formats/edits.md), in the order it was done.
struct Edit {
  std::string id;
  std::string kind;
  nlohmann::json arguments = nlohmann::json::object();
  std::string person;
  std::string at;  ///< RFC 3339
};

/// What quality control said about a document. Of several for one document the last one counts.
struct QualityResult {
  std::vector<std::string> pages;  ///< of the document as it was looked at
  bool accepted = false;
  std::string person;
};

/// Where a document stands in quality control.
enum class Quality { not_required, waits, accepted, rejected };
std::string_view name_of(Quality quality);

struct DocumentPart {
  std::string page;  ///< id
  PageRole role = PageRole::content;
};

/// What is to be remembered about an invoice that may be released.
struct AssembledInvoice {
  std::string document;  ///< key of its document
  std::string creditor;  ///< id, or empty
  std::string number;
  std::string gross;  ///< decimal
  std::uint64_t likeness = 0;
  std::string payable;                   ///< decimal, or empty
  std::string due_date, skonto_date;     ///< ISO, or empty
  nlohmann::json model = nullptr;        ///< docs/formats/invoice.md
  std::string new_iban;                  ///< an account that two persons confirmed, for the creditor
  std::vector<invoice::Anchor> anchors;  ///< learnt from what persons corrected
};

/// What invoices are judged by; everything outlives the assembly.
struct InvoiceRoom {
  const invoice::CreditorBook& book;
  const invoice::InvoiceMemory& memory;
};

/// A document as far as it is known now.
struct AssembledDocument {
  std::string key;  ///< id of its first page: stable over re-assembly
  std::vector<DocumentPart> pages;
  std::string document_class;  ///< id
  std::string department;      ///< id
  Priority priority = Priority::ordinary;
  Received received;
  Originals originals = Originals::destroy;
  Confidentiality confidentiality = Confidentiality::normal;
  std::vector<IndexField> fields;
  std::string reference;
  std::vector<std::string> remarks;  ///< anomalies for the transfer note
  std::vector<RecordLink> records = {};
  std::string confirmed_by = {};  ///< the person; empty: nobody has confirmed it as it is
  Quality quality = Quality::not_required;
  std::string checked_by = {};  ///< the person of the quality control
};

/// A page that enters no document; kept, never deleted.
struct SetAside {
  std::string page;  ///< id
  PageRole role = PageRole::blank;
  std::string document = {};  ///< key of the document it stands in, or empty
  std::string remark = {};    ///< "blank_sheet": a whole empty sheet within a document
};

/// Whether the sheets add up, and against what.
struct SheetCount {
  bool closed = false;
  std::string source;  ///< "declared", "count_sheet", "endorser", "device_counter", "feeder_empty",
                       ///< "confirmed", "file"
  std::string text;    ///< one sentence for the transfer note, German
};

/// The batch put together. It may be released when no clarification is open and the count is closed.
struct Assembly {
  std::vector<AssembledDocument> documents;   ///< in feed order
  std::vector<SetAside> set_aside;            ///< in feed order
  std::vector<Clarification> clarifications;  ///< open ones only
  std::vector<AssembledInvoice> invoices;     ///< of classes that are read as invoices
  SheetCount count;
  bool discarded = false;               ///< a person gave the batch up; nothing may be released
  std::map<std::string, int> turns;     ///< degrees clockwise a person turned a page by, by page id
  std::vector<std::string> unfollowed;  ///< ids of edits that name what is no longer there
  int unconfirmed = 0;                  ///< documents that wait for a person's confirmation
  int unchecked = 0;                    ///< documents that quality control has not accepted

  [[nodiscard]] bool releasable() const {
    return clarifications.empty() && count.closed && !discarded && unconfirmed == 0 && unchecked == 0;
  }
};

/// What persons did to a batch beside answering questions.
struct PersonsWork {
  std::vector<Edit> edits;  ///< those that are not undone
  std::vector<QualityResult> quality;
};

/// Puts pages together into documents. Pure: the same input gives the same result; every page is in
/// exactly one document or set aside exactly once, whatever the input. Fails closed: what is doubtful
/// stays content and raises a clarification. `pages` in any order; an unknown profile throws
/// std::logic_error. Resolutions must have passed check_resolution(), edits check_edit(); others are ignored.
/// Without `invoices` no document is read as an invoice. Reentrant.
Assembly assemble(const BatchFacts& batch, const std::vector<PageFacts>& pages,
                  const std::vector<Resolution>& resolutions, const Configuration& configuration,
                  const std::vector<RoutingKey>& keys, const PersonsWork& work = {},
                  const InvoiceRoom* invoices = nullptr);

}  // namespace mailroom::assembly
