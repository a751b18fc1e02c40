#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "daemon/base/result.h"
#include "daemon/web/message.h"

namespace mailroom::web {

/// The browser files of one folder. Their names are read once; a request can only name one of them,
/// so no address leads out of the folder. Thread-safe.
class Screens {
 public:
  /// A folder that does not exist is Errc::not_found.
  static Result<Screens> open(const std::filesystem::path& folder);

  /// The file at `path` ("/" is "/index.html"), or nothing. 304 when `request` has it already.
  [[nodiscard]] std::optional<Response> answer(const std::string& path, const Request& request) const;

 private:
  struct File {
    std::filesystem::path path;
    std::string type;
  };
  std::map<std::string, File> files_;
};

}  // namespace mailroom::web
