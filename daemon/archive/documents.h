#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "daemon/archive/database.h"
#include "daemon/base/clock.h"
#include "daemon/document/states.h"
#include "daemon/document/terms.h"

namespace mailroom::archive {

struct DocumentPage {
  std::string page;
  PageRole role = PageRole::content;
  int turn = 0;  ///< degrees clockwise that a person turned it by, beside what was read
};

/// A row of `document` with its pages in order (docs/formats/catalogue.md).
struct DocumentRow {
  std::string id;
  std::string batch;
  std::string key;  ///< stable over re-assembly of the batch
  std::string number;
  DocumentState state = DocumentState::released;
  std::string document_class;
  std::string department;
  Priority priority = Priority::ordinary;
  Received received;
  Originals originals = Originals::destroy;
  Confidentiality confidentiality = Confidentiality::normal;
  std::vector<IndexField> fields;
  std::string reference;
  std::vector<std::string> remarks;  ///< anomalies for the transfer note
  std::string supersedes;
  std::string confirmed_by = {};  ///< the person who looked at it before release, or empty
  std::string checked_by = {};    ///< the person of its quality control, or empty
  std::string created_at;
  std::string sealed_at;
  std::string receipted_at;
  std::vector<DocumentPage> pages;
};

/// A content file and what it is to a document (`content`).
struct ContentRow {
  std::string document;
  std::string recipient;  ///< empty: for every recipient
  std::string name;
  std::string role;
  std::string media_type;
  std::uint64_t size = 0;
  std::string sha256;
};

/// The tables `document`, `document_page`, `content`. Thread-bound to the database.
class Documents {
 public:
  explicit Documents(Database& database) : database_(database) {}

  Result<void> insert(const DocumentRow& document, Timestamp now);
  Result<void> insert_content(const ContentRow& content);

  [[nodiscard]] Result<DocumentRow> get(const std::string& id_or_number) const;
  [[nodiscard]] Result<std::vector<DocumentRow>> of_batch(const std::string& batch) const;  ///< by number
  [[nodiscard]] Result<std::vector<DocumentRow>> in_state(DocumentState state) const;
  [[nodiscard]] Result<std::vector<DocumentRow>> all() const;
  [[nodiscard]] Result<std::vector<ContentRow>> contents_of(const std::string& document) const;
  [[nodiscard]] Result<std::vector<std::string>> all_digests() const;  ///< of every content, sorted

  /// Checked against states.h; stamps sealed_at and receipted_at.
  Result<void> step(const std::string& id, DocumentState to, Timestamp now);

 private:
  Result<DocumentRow> with_pages(DocumentRow document) const;
  Result<std::vector<DocumentRow>> with_pages(Result<std::vector<DocumentRow>> documents) const;
  Database& database_;
};

}  // namespace mailroom::archive
