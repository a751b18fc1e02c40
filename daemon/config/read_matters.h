#pragma once

#include <string>

#include "daemon/config/kiosks.h"
#include "daemon/config/toml_reader.h"

namespace mailroom::config {

/// One table of matters.toml.
Matter read_matter(const std::string& id, TomlTable& table, const Configuration& configuration);

}  // namespace mailroom::config
