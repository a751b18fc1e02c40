#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "daemon/base/result.h"

namespace mailroom {

/// A computer beside a scanner, with a mailroom-scan-link that serves it (docs/scanners.md).
struct ScanComputer {
  std::string name;  ///< begins the names of its scanners: "desk/fujitsu:fi-7600:1"
  std::string host;
  int port = 6570;
};

/// Reads scan_computers.toml of the folder of configuration; none when there is no such file.
/// Errc::invalid_input names file, line and key.
Result<std::vector<ScanComputer>> load_scan_computers(const std::filesystem::path& folder);

}  // namespace mailroom
