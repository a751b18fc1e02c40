#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/archive/database.h"
#include "daemon/base/clock.h"
#include "daemon/base/result.h"

/// The hash-chained, append-only log of who did what (docs/formats/audit.md).
namespace mailroom::archive {

/// Creates table `audit` and the triggers that refuse changes. Part of the first migration.
extern const std::string_view kAuditSchema;

/// What happened, in ids and words of a catalogue; never names of citizens or texts of pages.
struct AuditRecord {
  std::string actor;                                  ///< "operator:mm", "daemon", "recipient:ecm"
  std::string action;                                 ///< "batch.closed", "document.sealed", ...
  std::vector<std::string> subjects;                  ///< ids of what it happened to, most important first
  nlohmann::json details = nlohmann::json::object();  ///< an object; see canonical_json() for its limits
};

/// An end of the chain that others can witness.
struct AuditHead {
  std::int64_t seq = 0;  ///< 0: nothing has been written yet
  std::string hash;      ///< 64 lower-case hex digits; of seq 0: 64 zeros
  bool operator==(const AuditHead&) const = default;
};

struct AuditEntry {
  std::int64_t seq = 0;  ///< from 1 without gaps
  std::string time;      ///< RFC 3339
  AuditRecord record;
  std::string previous;
  std::string hash;
};

/// Appends within the caller's transaction: the entry exists if and only if that commits.
/// Errc::invalid_input when the details have no canonical form.
Result<AuditHead> append_audit(Transaction& transaction, Timestamp time, const AuditRecord& record);

/// The last entry's seq and hash.
Result<AuditHead> audit_head(Database& database);

/// Entries about `subject` (all when empty) after `after_seq`, oldest first, at most `limit`.
Result<std::vector<AuditEntry>> read_audit(Database& database, std::string_view subject = {},
                                           std::int64_t after_seq = 0, int limit = 1000);

/// Recomputes every link. Errc::corrupt names the first wrong seq and what is wrong with it:
/// missing, changed, or not linked to its predecessor. A chain cannot show that its own tail was
/// cut off or that all of it was rewritten; give the heads that recipients `witnessed` for that.
Result<AuditHead> verify_audit_chain(Database& database, const std::vector<AuditHead>& witnessed = {});

/// The hash of an entry; what docs/formats/audit.md defines.
Result<std::string> audit_hash(const AuditEntry& entry);

}  // namespace mailroom::archive
