#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "drivers/card/eid/terminal.h"

namespace mailroom::card {

/// Where the key to a terminal's certificate is.
struct TokenKeyPlace {
  std::filesystem::path module;
  std::string token;               ///< its label
  std::string key;                 ///< label of the private key
  std::filesystem::path pin_file;  ///< first line; readable by its owner only
};

/// Opens the HSM and finds the key. Errc::not_found, refused.
Result<std::unique_ptr<TerminalKey>> open_token_key(const TokenKeyPlace& place);

}  // namespace mailroom::card
