#pragma once

#include <filesystem>
#include <string>

#include "daemon/base/result.h"
#include "drivers/scanner/scanner.h"

namespace mailroom::drivers {

/// What mailroom-scan writes of its calls into SANE (docs/formats/scan-recording.md). The linker sends every
/// call of this program into libsane through here (CMakeLists.txt, --wrap), so that nothing can be left out
/// of a recording and nothing else knows of it. One for the process, for the thread that drives the scanner.

/// Records from now on, until end_recording(). `file` must not exist. Errc::io, conflict when it cannot be
/// made.
Result<void> begin_recording(const std::filesystem::path& file, const DeviceInfo& device, bool pictures);

/// A recording that could not be written to its end is an error; the feed was not disturbed.
Result<void> end_recording();

}  // namespace mailroom::drivers
