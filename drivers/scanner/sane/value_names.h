#pragma once

#include <optional>
#include <string>
#include <vector>

#include "drivers/scanner/scanner.h"

namespace mailroom::drivers {

/// Which of a device's names for its paper sources is meant; nullopt when none is. Backends do not agree:
/// fujitsu and canon_dr say "ADF Front" and "ADF Duplex", epsonds "Automatic Document Feeder", airscan "ADF",
/// others "FlatBed". Comparison ignores case. A front-only feed never picks a name that says duplex or back.
std::optional<std::string> source_name(const std::vector<std::string>& offered, Source wanted);

/// The same for colour modes: "Lineart", "Gray", "Color", "Grayscale", "24bit Color", ...
std::optional<std::string> mode_name(const std::vector<std::string>& offered, ColourMode wanted);

}  // namespace mailroom::drivers
