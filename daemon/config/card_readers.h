#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "daemon/base/result.h"

namespace mailroom {

/// A card reader at a station, for staff badges (docs/formats/configuration.md).
struct BadgeReaderPlace {
  std::string station;           ///< id of the station it belongs to
  std::string reader;            ///< its name in PC/SC; empty: any token of the module
  std::filesystem::path module;  ///< PKCS#11 module of the badges
};

/// Reads card_readers.toml of the folder of configuration; none when there is no such file.
/// Errc::invalid_input names file, line and key.
Result<std::vector<BadgeReaderPlace>> load_badge_readers(const std::filesystem::path& folder);

}  // namespace mailroom
