#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "daemon/base/result.h"

namespace mailroom {

/// A panel beside a scanner (docs/panel.md).
struct PanelPlace {
  std::string station;  ///< id of the workplace
  std::string line;     ///< path of its serial line
  std::string language = "de";
};

/// Reads panels.toml of the folder of configuration; none when there is no such file. It is no part of the
/// snapshot: a batch is the same whichever key started it. Errc::invalid_input names file, line and key.
Result<std::vector<PanelPlace>> load_panels(const std::filesystem::path& folder);

}  // namespace mailroom
