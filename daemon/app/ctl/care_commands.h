#pragma once

#include "daemon/app/ctl/commands.h"

namespace mailroom::app::ctl {

/// Adds the subcommands of those who look after the mailroom: erase, deliveries, backup, restore, ...
void add_care_commands(CLI::App& parser, Chosen& chosen);

}  // namespace mailroom::app::ctl
