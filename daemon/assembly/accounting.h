#pragma once

#include <vector>

#include "daemon/assembly/page_reading.h"

namespace mailroom::assembly {

/// Do the sheets add up? Asks about everything that does not.
SheetCount count_sheets(const BatchFacts& batch, const std::vector<SheetReading>& sheets,
                        const Profile& profile, Findings& findings);

}  // namespace mailroom::assembly
