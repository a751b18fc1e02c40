#pragma once

#include <optional>
#include <string>

#include "daemon/archive/badges.h"
#include "daemon/archive/catalogue.h"
#include "daemon/base/clock.h"

namespace mailroom::station {

/// Enrols the badge with that certificate (PEM) for a user; audited. Errc::not_found without the user,
/// Errc::conflict when the badge is somebody's already, Errc::invalid_input for no certificate. On the core
/// thread.
Result<archive::Badge> enrol_badge(archive::Catalogue& catalogue, const Clock& clock, const std::string& user,
                                   const std::string& certificate, const std::string& actor);

/// Takes a badge out of use; audited. Errc::not_found. On the core thread.
Result<void> withdraw_badge(archive::Catalogue& catalogue, const Clock& clock, const std::string& fingerprint,
                            const std::string& actor);

}  // namespace mailroom::station
