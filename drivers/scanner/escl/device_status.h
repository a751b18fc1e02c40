#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/result.h"
#include "drivers/scanner/escl/device_address.h"

namespace mailroom::drivers {

/// One scan job as the device itself tells of it.
struct DeviceJob {
  std::string uri;
  std::optional<int> images_completed;  ///< that left the paper path, whoever got them
};

/// What an eSCL device says about itself (eSCL Technical Specification 2.97, ScannerStatus).
struct DeviceStatus {
  bool working = false;   ///< a job is at work: more sheets may move
  std::string adf_state;  ///< "ScannerAdfEmpty", "ScannerAdfJam", ...; empty when it does not say
  std::vector<DeviceJob> jobs;
};

/// Reads ScannerStatus. Errc::corrupt when it is none. Reentrant.
Result<DeviceStatus> device_status_from(std::string_view xml);

/// Asks the device. Errc::device_lost when it does not answer within `patience`, Errc::corrupt for an answer
/// that is none. Reentrant.
Result<DeviceStatus> ask_device_status(const DeviceAddress& address, std::chrono::milliseconds patience);

}  // namespace mailroom::drivers
