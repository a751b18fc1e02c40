#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "daemon/archive/catalogue.h"
#include "daemon/archive/content_store.h"
#include "daemon/archive/erasures.h"
#include "daemon/base/work_thread.h"
#include "daemon/crypto/certificate.h"
#include "daemon/intake/spool.h"

namespace mailroom::intake {

/// Something that is not as it must be.
struct Finding {
  std::string what;   ///< "audit", "content", "page", "signature", "note", "delivery", "file", "erasure", ...
  std::string where;  ///< document number, batch number with sheet, digest
  std::string text;   ///< what is wrong, in plain words
};

/// What a verification looked at; `findings` empty means that all of it is proven.
struct VerificationReport {
  std::int64_t audit_entries = 0;
  int documents = 0;
  int contents = 0;
  int pages = 0;
  std::vector<Finding> findings;
};

/// Proves the archive: database, audit chain against the heads that recipients witnessed, every
/// content file against its digest, every transfer note's signature and what it says, every PDF
/// against the captured sides, every manifest's signature, every captured side in the spool.
///
/// A deep one adds the invariants of docs/invariants.md: rows against rows (archive/consistency.h), and
/// that every file in spool and archive is either known or was set aside with an audit entry. What is
/// just being fed or sealed is left out of the latter.
///
/// Reads the catalogue on `core` in short steps, files on the calling thread. An Error means that it
/// could not be carried through, never that something was found.
class Verification {
 public:
  Verification(WorkThread& core, archive::Catalogue& catalogue, const archive::ContentStore& contents,
               const Spool& spool, std::span<const Certificate> trusted)
      : core_(core), catalogue_(catalogue), contents_(contents), spool_(spool), trusted_(trusted) {}

  enum class Depth { usual, deep };
  Result<VerificationReport> run(Depth depth = Depth::usual);

 private:
  struct DocumentFacts {
    archive::DocumentRow document;
    std::vector<archive::ContentRow> contents;
    std::vector<archive::DeliveryRow> deliveries;
    std::vector<archive::Page> pages;
    bool erased = false;
  };
  Result<std::vector<archive::AuditHead>> witnessed_heads();
  Result<void> check_database();
  Result<bool> may_have_unrecorded_contents();
  Result<void> check_content_files();
  Result<void> check_documents();
  Result<DocumentFacts> facts_of(const std::string& id);
  void check_document(const DocumentFacts& facts);
  void check_note(const DocumentFacts& facts);
  void check_original(const DocumentFacts& facts);
  void check_pdf(const DocumentFacts& facts, const Bytes& pdf);
  void check_manifest(const DocumentFacts& facts, const archive::DeliveryRow& delivery);
  Result<void> check_spool();
  Result<void> check_batch_in_spool(const archive::Batch& batch);
  Result<bool> is_expired(const archive::Batch& batch);
  [[nodiscard]] Result<bool> is_erased(const std::string& subject);
  Result<void> check_erasures();
  Result<void> check_tombstone(const archive::Erasure& erasure);
  Result<void> check_rows();
  Result<void> check_leftovers();
  Result<void> check_batch_folder(const archive::Batch& batch);
  const Bytes* plain_content(const DocumentFacts& facts, const std::string& name, Bytes& bytes);
  void find(const std::string& what, const std::string& where, const std::string& text);

  WorkThread& core_;
  archive::Catalogue& catalogue_;
  const archive::ContentStore& contents_;
  const Spool& spool_;
  std::span<const Certificate> trusted_;
  VerificationReport report_;
};

}  // namespace mailroom::intake
