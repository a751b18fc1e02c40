#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "drivers/scanner/client/scan_process.h"

namespace mailroom::intake {

/// How the scanners at another computer are reached: a program that stands in for mailroom-scan.
struct FarScanners {
  std::string computer;  ///< begins the names of its scanners, with a slash behind it
  std::filesystem::path program;
  std::vector<std::string> arguments;
};

/// A helper for one scanner, and what the scanner is called over there.
struct ScannerAccess {
  drivers::ScanProcess process;
  std::string device;
};

/// Where the scanners are: at this machine, and at computers of stations. Reentrant.
class ScannerSites {
 public:
  ScannerSites(std::filesystem::path scan_program, drivers::ScanOptions options, std::vector<FarScanners> far)
      : scan_program_(std::move(scan_program)), options_(std::move(options)), far_(std::move(far)) {}

  /// All of them. A computer that does not answer is a device of its name with the reason as its type, so
  /// that it is seen where its scanners are missed.
  [[nodiscard]] Result<std::vector<drivers::DeviceInfo>> list_devices() const;

  /// A helper for the scanner `name` of that list. Errc::not_found names no computer.
  [[nodiscard]] Result<ScannerAccess> access(const std::string& name) const;

 private:
  [[nodiscard]] Result<drivers::ScanProcess> start(const FarScanners& far) const;

  std::filesystem::path scan_program_;
  drivers::ScanOptions options_;
  std::vector<FarScanners> far_;
};

}  // namespace mailroom::intake
