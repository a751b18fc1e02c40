#pragma once

#include <string>

#include "daemon/config/configuration.h"

namespace mailroom::station {

/// Whether people at stations may give a document this class: not one that only comes from kiosks.
bool is_offered_at_stations(const Configuration& configuration, const std::string& document_class);

}  // namespace mailroom::station
