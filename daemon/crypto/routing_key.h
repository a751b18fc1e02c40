#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"

namespace mailroom {

/// A secret of the site that routing sheets are authenticated with, so that nobody can mail in a
/// working separator. Its id is printed on the sheets.
struct RoutingKey {
  std::string id;  ///< two characters of base32, derived from the key
  Bytes key;       ///< 32 bytes; a secret
};

/// A fresh random key.
RoutingKey new_routing_key();

/// The file form (docs/formats/identities.md); the first key is used for new sheets, all of them
/// are accepted on paper.
std::string to_text(const std::vector<RoutingKey>& keys);

/// Reads a file of that form: at least one key. Errc::corrupt names the line that is wrong,
/// Errc::refused when others than the owner may read the file.
Result<std::vector<RoutingKey>> read_routing_keys(const std::filesystem::path& file);

}  // namespace mailroom
