#pragma once

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"

namespace mailroom::card {

/// Checks the signatures of a chain of card verifiable certificates (BSI TR-03110-3 C.1), each a whole object
/// 7F21, from the CVCA's, which must be signed by itself, down to the terminal's. Domain parameters come from
/// the CVCA. Errc::refused names the first that is not signed by the one before it. Reentrant.
Result<void> check_cv_signatures(ByteView anchor, ByteView document_verifier, ByteView terminal);

}  // namespace mailroom::card
