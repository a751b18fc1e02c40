#pragma once

#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "drivers/scanner/scanner.h"
#include "drivers/virtual/feeder_config.h"

/// The XML of the scan protocol eSCL (Mopria Alliance, eSCL Technical Specification 2.97), as far as a
/// document feeder needs it. All functions are reentrant.
namespace mailroom::drivers::escl {

/// What a client wants of a scan job.
struct JobSettings {
  Source source = Source::feeder_front;
  ColourMode mode = ColourMode::grey;
  int dpi = 300;
};

/// One job as ScannerStatus shows it.
struct JobState {
  std::string uri;
  std::string uuid;
  bool finished = false;
  bool aborted = false;
  int images_completed = 0;
};

/// ScannerCapabilities of a duplex feeder that offers what `device` offers.
std::string capabilities_of(const feeder::DeviceConfig& device);

/// ScannerStatus; `adf_state` as "ScannerAdfLoaded", `jobs` the latest first.
std::string status_of(bool busy, const std::string& adf_state, const std::vector<JobState>& jobs);

/// Reads ScanSettings. Errc::unsupported for a source, mode or resolution the device does not have.
Result<JobSettings> job_settings_from(const std::string& xml, const feeder::DeviceConfig& device);

}  // namespace mailroom::drivers::escl
