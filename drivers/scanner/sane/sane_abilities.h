#pragma once

#include "drivers/scanner/sane/quirk.h"
#include "drivers/scanner/sane/sane_options.h"

namespace mailroom::drivers {

/// What the options of an open device, read with its quirk, say it can do.
Capabilities abilities_of(const SaneOptions& options, const Quirk& quirk, const DeviceInfo& info);

/// True when a group of a quirk is there: its first option is the feature, the others go with it.
bool is_offered(const SaneOptions& options, const OptionValues& values);

}  // namespace mailroom::drivers
