#pragma once

#include "daemon/intake/spool.h"

/// Taking working copies out of the spool for good. All functions are reentrant.
namespace mailroom::intake {

/// Where batches are that are just being removed, beside the others.
inline constexpr const char* kExpiredFolder = "expired";

/// Removes the working copies of a batch, all at once as others see it: its folder moves to
/// `expired/` first. What is gone already is success.
Result<void> remove_working_copies(const Spool& spool, const std::string& batch);

/// Ends what a crash left of remove_working_copies().
Result<void> finish_removals(const Spool& spool);

/// Removes one side for good, and what was put aside of its sheet. Gone already is success.
Result<void> remove_side(const Spool& spool, const SpoolEntry& entry);

}  // namespace mailroom::intake
