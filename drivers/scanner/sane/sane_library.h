#pragma once

#include <memory>
#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "drivers/scanner/scanner.h"

namespace mailroom::drivers {

/// The SANE library (SANE Standard 1.06), initialised while this lives. One per process: its backends
/// share global state and are not safe to use from two threads. Scanners must go before it.
class SaneLibrary {
 public:
  static Result<SaneLibrary> open();
  SaneLibrary(SaneLibrary&& other) noexcept;
  SaneLibrary& operator=(SaneLibrary&&) = delete;
  ~SaneLibrary();

  /// Every device a backend offers now; asks the devices again at each call.
  Result<std::vector<DeviceInfo>> devices();

  /// Opens `name`. Errc::not_found when there is no such device, Errc::busy when it is taken.
  Result<std::unique_ptr<Scanner>> open_scanner(const std::string& name);

 private:
  SaneLibrary() = default;
  bool initialised_ = true;
};

}  // namespace mailroom::drivers
