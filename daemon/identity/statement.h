#pragma once

#include <string>

#include "daemon/archive/identity_readings.h"
#include "daemon/base/result.h"

namespace mailroom::identity {

/// The statement about a reading as canonical JSON (docs/formats/card-reading.md). `authority` is the issuer
/// of the terminal's certificate.
Result<std::string> statement_of(const archive::IdentityReading& row, const std::string& authority);

}  // namespace mailroom::identity
