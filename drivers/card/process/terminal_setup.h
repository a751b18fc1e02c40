#pragma once

#include <filesystem>
#include <memory>

#include "drivers/card/eid/terminal.h"

namespace mailroom::card {

/// A terminal as its file describes it (docs/formats/card-terminal.md), with its HSM open.
struct TerminalSetup {
  std::unique_ptr<TerminalKey> key;
  Terminal terminal;
};

/// Reads `file`; what it names is relative to its folder. Errors name the file.
Result<TerminalSetup> read_terminal_setup(const std::filesystem::path& file);

}  // namespace mailroom::card
