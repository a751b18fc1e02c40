#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "drivers/scanner/sane/sane_device.h"

namespace mailroom::drivers {

/// The options of an open device, by their SANE names. Setting is strict: a value the device does not
/// take is Errc::unsupported naming the option and the offer. Thread-bound; goes before the device.
class SaneOptions {
 public:
  explicit SaneOptions(const SaneDevice& device) : device_(device) {}

  /// True when the device has this option and it can be set now.
  [[nodiscard]] bool settable(const std::string& name) const;

  /// The texts a list option offers; empty when there is no such option.
  [[nodiscard]] std::vector<std::string> choices(const std::string& name) const;

  Result<void> set_text(const std::string& name, const std::string& value);

  /// Sets a number; what the device takes may differ by `tolerance` at most.
  Result<void> set_number(const std::string& name, double value, double tolerance);

  /// The unit of a number is pixels (else millimetres) for geometry.
  [[nodiscard]] bool in_pixels(const std::string& name) const;

  /// Reads a number or switch; nullopt when the device has none. An error when it does not answer.
  ///
  /// Read twice: backends (fujitsu among them) cache all sensors at the first reading of any one, and give
  /// a fresh value only when the same one is read again.
  [[nodiscard]] Result<std::optional<int>> sensor(const std::string& name) const;

 private:
  struct Found {
    SANE_Int index;
    const SANE_Option_Descriptor* descriptor;
  };
  [[nodiscard]] std::optional<Found> find(const std::string& name) const;
  [[nodiscard]] tl::unexpected<Error> refusal(const Found& found, const std::string& value) const;
  Result<double> write_number(const Found& found, double value);

  const SaneDevice& device_;
};

/// The largest number an option takes, nullopt when it says none.
std::optional<double> upper_bound(const SANE_Option_Descriptor& descriptor);

}  // namespace mailroom::drivers
