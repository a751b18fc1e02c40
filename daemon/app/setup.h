#pragma once

#include <ostream>

#include "daemon/app/folders.h"
#include "daemon/base/result.h"
#include "daemon/config/configuration.h"

namespace mailroom::app {

/// The name of the daemon's own certificate and of its state topic.
inline constexpr const char* kNode = "mailroomd";

/// Makes what an installation needs before its first start and keeps what is there: the data
/// folders, identities, and the configuration of the broker. Tells on `out` what it did.
Result<void> set_up(const Folders& folders, const Configuration& configuration, std::ostream& out);

}  // namespace mailroom::app
