#pragma once

#include <span>

#include "daemon/archive/database.h"

namespace mailroom::archive {

/// The steps that build the catalogue (docs/formats/catalogue.md). Only ever added to.
std::span<const Migration> catalogue_migrations();

}  // namespace mailroom::archive
