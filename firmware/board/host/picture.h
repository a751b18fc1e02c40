#pragma once

#include <cstdint>
#include <string>

#include "firmware/panel/canvas.h"

/// The panel's face: lamps, display and keys.
namespace mailroom::panel {

/// For a terminal that knows UTF-8 and colours; lines end with "\n".
std::string as_text(const Canvas& canvas, std::uint8_t lamps);
std::string as_svg(const Canvas& canvas, std::uint8_t lamps);

}  // namespace mailroom::panel
