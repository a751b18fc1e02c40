#pragma once

#include "daemon/config/configuration.h"

/// The four files, each read into its part of the configuration. References point backwards only:
/// mailroom.toml, departments.toml, classes.toml, profiles.toml is the order to read in.
namespace mailroom::config {

Result<void> read_mailroom(const std::filesystem::path& file, Configuration& into);
Result<void> read_departments(const std::filesystem::path& file, Configuration& into);
Result<void> read_classes(const std::filesystem::path& file, Configuration& into);
Result<void> read_profiles(const std::filesystem::path& file, Configuration& into);

/// Canonical JSON of everything in effect.
Result<std::string> snapshot_of(const Configuration& configuration);

}  // namespace mailroom::config
