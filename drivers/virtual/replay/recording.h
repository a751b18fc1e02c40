#pragma once

#include <sane/sane.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "daemon/base/result.h"

namespace mailroom::drivers::replay {

/// A recording as it was written (docs/formats/scan-recording.md).
struct Recording {
  std::string vendor;
  std::string model;
  std::string type;
  std::vector<nlohmann::json> lines = {};  ///< without the first; each is an object
};

/// Reads a recording. Errc::invalid_input names the line that is none, Errc::unsupported another version. A
/// last line that was cut off by the end of the process is left out. Reentrant.
Result<Recording> read_recording(const std::filesystem::path& file);

/// One virtual device that plays a recording.
struct DeviceConfig {
  std::string name;
  std::filesystem::path recording;
  bool in_time = false;  ///< `speed = 1`: takes as long as the device took
  bool crash_at_the_end =
      false;  ///< `unfinished = crash`: a call without return ends the process, else it hangs
};

/// Reads the text of mailroomreplay.conf: `device NAME`, then `recording = FILE`, `speed = 0|1`,
/// `unfinished = hang|crash`. A wrong line is Errc::invalid_input naming `file` and line.
Result<std::vector<DeviceConfig>> parse_config(std::string_view text, const std::string& file);

}  // namespace mailroom::drivers::replay
