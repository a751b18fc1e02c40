#pragma once

#include <string>
#include <string_view>

namespace mailroom::kiosk {

/// A number by which a citizen finds a matter again: "MR-7K4F-...", 80 random bits (docs/formats/matter.md).
std::string new_tracking_number();

/// The number as it is kept: of what was typed in whatever case, with or without dashes and spaces, with
/// letters that look like digits. Empty when it cannot be one.
std::string tracking_number_from(std::string_view typed);

}  // namespace mailroom::kiosk
