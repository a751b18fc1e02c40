#pragma once

#include <string>

namespace mailroom::panel {

/// Shows the emulator behind `control` in this terminal and passes keys on: arrows, Enter, "s" holds the
/// left key, "q" leaves. Throws std::system_error when it is gone.
void attach(const std::string& control);

}  // namespace mailroom::panel
