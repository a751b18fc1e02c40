#include "daemon/intake/scanner_sites.h"

namespace mailroom::intake {

Result<drivers::ScanProcess> ScannerSites::start(const FarScanners& far) const {
  auto options = options_;
  options.arguments = far.arguments;
  return drivers::ScanProcess::start(far.program, std::move(options));
}

Result<std::vector<drivers::DeviceInfo>> ScannerSites::list_devices() const {
  MAILROOM_TRY(auto process, drivers::ScanProcess::start(scan_program_, options_));
  MAILROOM_TRY(auto devices, process.list_devices());
  for (const auto& far : far_) {
    auto there = [&]() -> Result<std::vector<drivers::DeviceInfo>> {
      MAILROOM_TRY(auto link, start(far));
      return link.list_devices();
    }();
    const std::string prefix = far.computer + "/";
    if (!there) devices.push_back({prefix, "", "", there.error().message()});
    for (auto& device : there.value_or(std::vector<drivers::DeviceInfo>{})) {
      device.name = prefix + device.name;
      devices.push_back(std::move(device));
    }
  }
  return devices;
}

Result<ScannerAccess> ScannerSites::access(const std::string& name) const {
  for (const auto& far : far_) {
    if (!name.starts_with(far.computer + "/")) continue;
    MAILROOM_TRY(auto link, start(far));
    return ScannerAccess{std::move(link), name.substr(far.computer.size() + 1)};
  }
  MAILROOM_TRY(auto process, drivers::ScanProcess::start(scan_program_, options_));
  return ScannerAccess{std::move(process), name};
}

}  // namespace mailroom::intake
