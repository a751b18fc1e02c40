#pragma once

#include "daemon/base/bytes.h"
#include "daemon/base/clock.h"
#include "daemon/config/configuration.h"

namespace mailroom::app {

/// The Verfahrensdokumentation (BSI TR-03138 A.G.1) of the mailroom as it is configured, in German, as PDF.
/// It says what follows from the configuration, and names what the city has to lay down itself.
Result<Bytes> procedure_pdf(const Configuration& configuration, Timestamp now);

}  // namespace mailroom::app
