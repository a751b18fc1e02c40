#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/result.h"

namespace mailroom::drivers::feeder {

/// What can go wrong with a sheet (docs/virtual-scanner.md says what each does).
enum class FaultKind {
  jam,
  doublefeed,
  cover,
  io,
  read_jam,
  back_jam,
  short_page,
  start_hang,
  read_hang,
  crash,
  lost,
  counter,
  stop_button,
  staple,
  no_ink,
  damaged,
  changes,
  contradicts,
  busy,
};

struct Fault {
  int sheet = 0;  ///< 1-based, counted over the whole stack
  FaultKind kind = FaultKind::jam;
};

/// The name as written in the configuration ("read-jam").
std::string_view name_of(FaultKind kind);

/// One virtual scanner.
struct DeviceConfig {
  std::string name;
  std::filesystem::path folder;  ///< page images, fed in the order of their names
  std::filesystem::path state;   ///< folder of the state file
  double pace = 0;               ///< images a minute, 0 is as fast as asked
  bool unknown_height = false;   ///< announce -1 lines, as hand scanners do
  std::string vendor = "Mailroom";
  std::string model = "Virtual feeder";
  std::vector<int> resolutions = {100, 150, 200, 240, 300, 400, 600};
  std::vector<Fault> faults = {};
  std::string plays = {};       ///< the backend whose options it has, empty: its own
  bool cached_sensors = false;  ///< a reading of one sensor keeps all until the same one is read again
};

/// Reads the text of mailroomfeeder.conf. A wrong line is Errc::invalid_input naming `file` and line.
Result<std::vector<DeviceConfig>> parse_config(std::string_view text, const std::string& file);

/// Finds and reads mailroomfeeder.conf the way SANE finds its files: the folders of SANE_CONFIG_DIR, else
/// the working folder and /etc/sane.d. Without a file there are no devices.
Result<std::vector<DeviceConfig>> read_config();

}  // namespace mailroom::drivers::feeder
