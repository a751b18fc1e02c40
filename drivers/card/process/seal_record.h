#pragma once

#include "drivers/card/eid/read_identity.h"
#include "drivers/card/messages/messages.h"

namespace mailroom::card {

/// Writes the identity record (docs/formats/identity-record.md), encrypts it to the recipients of the request and
/// forgets it. Errc::invalid_input for a recipient's certificate that cannot be read.
Result<SealedReading> seal_record(const IdentityReading& reading, const ReadRequest& request,
                                  const CvCertificate& terminal, Timestamp read_at);

}  // namespace mailroom::card
