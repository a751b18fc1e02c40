#pragma once

#include <nlohmann/json.hpp>

#include "daemon/archive/catalogue.h"

namespace mailroom::station {

/// What stopped the feed of an interrupted batch, at which sheet and side, where the paper is and what to do
/// (words_of()), with the name of a picture; null when nothing did. On the core thread.
Result<nlohmann::json> fault_json(archive::Catalogue& catalogue, const archive::Batch& batch);

}  // namespace mailroom::station
