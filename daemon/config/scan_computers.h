#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "daemon/base/result.h"

namespace mailroom {

/// A computer beside a scanner or at a kiosk, whose devices mailroom-scan-link and mailroom-card-link serve
/// (docs/scanners.md, docs/kiosk.md).
struct ScanComputer {
  std::string name;  ///< begins the names of its scanners: "desk/fujitsu:fi-7600:1"
  std::string host;
  int port = 6570;
  int card_port = 6571;
};

/// Reads scan_computers.toml of the folder of configuration; none when there is no such file.
/// Errc::invalid_input names file, line and key.
Result<std::vector<ScanComputer>> load_scan_computers(const std::filesystem::path& folder);

}  // namespace mailroom
