#pragma once

#include <string>
#include <string_view>

#include "daemon/archive/database.h"

/// Facts about the appliance itself: the table `meta`. Thread-bound to the database.
namespace mailroom::archive {

/// When the snapshot of the last finished backup was taken, RFC 3339.
inline constexpr std::string_view kLastBackup = "last_backup";

/// Set once the appliance was restored: greater after each restore (docs/formats/backup.md).
inline constexpr std::string_view kGeneration = "generation";
/// The head of the audit in the backup that was restored last: its seq and hash.
inline constexpr std::string_view kRestoredSeq = "restored_seq";
inline constexpr std::string_view kRestoredHead = "restored_head";

/// The value, empty when it was never set.
Result<std::string> meta(Database& database, std::string_view name);
/// The appliance's generation as a number; 0 when it was never restored.
Result<std::int64_t> generation(Database& database);
Result<void> set_meta(Database& database, std::string_view name, std::string_view value);

}  // namespace mailroom::archive
