#pragma once

#include <nlohmann/json.hpp>

#include "daemon/archive/batches.h"

namespace mailroom::station {

/// What stopped the feed of an interrupted batch and what to do, in plain words with the name of a
/// picture; null when nothing did.
nlohmann::json fault_json(const archive::Batch& batch);

}  // namespace mailroom::station
