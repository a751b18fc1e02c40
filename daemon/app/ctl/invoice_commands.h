#pragma once

#include "daemon/app/ctl/commands.h"

namespace mailroom::app::ctl {

/// folders, receive, invoices, deadlines: need a running mailroomd.
void add_invoice_commands(CLI::App& parser, Chosen& chosen);

}  // namespace mailroom::app::ctl
