#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/assembly/clarification.h"
#include "daemon/base/error.h"
#include "daemon/config/configuration.h"
#include "daemon/crypto/routing_key.h"
#include "daemon/document/image.h"
#include "daemon/document/page_report.h"
#include "daemon/document/terms.h"

namespace mailroom::assembly {

/// A fault while feeding: a double feed, a jam, a side that came short.
struct FeedFault {
  Errc code = Errc::paper_jam;
  int sheet = 0;     ///< 1-based; 0: not known
  std::string text;  ///< in the operator's words
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

struct DocumentPart {
  std::string page;  ///< id
  PageRole role = PageRole::content;
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
  std::string source;  ///< "declared", "count_sheet", "device_counter", "feeder_empty", "confirmed"
  std::string text;    ///< one sentence for the transfer note, German
};

/// The batch put together. It may be released when no clarification is open and the count is closed.
struct Assembly {
  std::vector<AssembledDocument> documents;   ///< in feed order
  std::vector<SetAside> set_aside;            ///< in feed order
  std::vector<Clarification> clarifications;  ///< open ones only
  SheetCount count;
  bool discarded = false;  ///< a person gave the batch up; nothing may be released

  [[nodiscard]] bool releasable() const { return clarifications.empty() && count.closed && !discarded; }
};

/// Puts pages together into documents. Pure: the same input gives the same result; every page is in
/// exactly one document or set aside exactly once, whatever the input. Fails closed: what is doubtful
/// stays content and raises a clarification. `pages` in any order; an unknown profile throws
/// std::logic_error. Resolutions must have passed check_resolution(); others are ignored. Reentrant.
Assembly assemble(const BatchFacts& batch, const std::vector<PageFacts>& pages,
                  const std::vector<Resolution>& resolutions, const Configuration& configuration,
                  const std::vector<RoutingKey>& keys);

}  // namespace mailroom::assembly
