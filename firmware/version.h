#pragma once

#include <compare>
#include <cstdint>

namespace mailroom::panel {

/// Which firmware a panel runs. Raised with every change of what a panel does or shows, so that the
/// daemon can tell an older one from what its package brings (docs/panel.md, "Update").
struct FirmwareVersion {
  std::uint8_t major = 0;
  std::uint8_t minor = 0;
  std::uint8_t patch = 0;
  auto operator<=>(const FirmwareVersion&) const = default;
};

inline constexpr FirmwareVersion kFirmwareVersion{1, 0, 1};

}  // namespace mailroom::panel
