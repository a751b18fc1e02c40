#pragma once

#include <string>
#include <vector>

namespace mailroom::archive {

/// The steps that build the catalogue; step n brings `PRAGMA user_version` from n to n+1. Steps
/// are only ever added (docs/formats/catalogue.md).
const std::vector<std::string>& catalogue_migrations();

}  // namespace mailroom::archive
