#include "daemon/web/screens.h"

#include <cstdio>

#include "daemon/base/durable_file.h"

namespace mailroom::web {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kLargest = 8UL * 1024 * 1024;

std::string type_of(const fs::path& file) {
  static const std::map<std::string, std::string> types = {{".html", "text/html; charset=utf-8"},
                                                           {".js", "text/javascript; charset=utf-8"},
                                                           {".mjs", "text/javascript; charset=utf-8"},
                                                           {".css", "text/css; charset=utf-8"},
                                                           {".json", "application/json"},
                                                           {".svg", "image/svg+xml"},
                                                           {".png", "image/png"},
                                                           {".woff2", "font/woff2"},
                                                           {".txt", "text/plain; charset=utf-8"},
                                                           {".webmanifest", "application/manifest+json"},
                                                           {".ico", "image/x-icon"}};
  const auto found = types.find(file.extension().string());
  return found == types.end() ? std::string() : found->second;
}

/// A mark of the file's bytes that is not secret: FNV-1a over them.
std::string mark_of(ByteView bytes) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const auto byte : bytes) hash = (hash ^ byte) * 1099511628211ULL;
  char text[24];
  std::snprintf(text, sizeof text, "\"%016llx\"", static_cast<unsigned long long>(hash));
  return text;
}

}  // namespace

Result<Screens> Screens::open(const fs::path& folder) {
  Screens screens;
  std::error_code error;
  const fs::path real = fs::canonical(folder, error);
  if (error) return fail(Errc::not_found, "the browser files are missing", Place::in_file(folder.string()));
  for (auto it = fs::recursive_directory_iterator(real, error); !error && it != fs::end(it);
       it.increment(error)) {
    const std::string type = type_of(it->path());
    if (!it->is_regular_file() || type.empty()) continue;
    screens.files_["/" + fs::relative(it->path(), real).generic_string()] = {it->path(), type};
  }
  if (error) return fail(Errc::io, "the browser files cannot be listed", Place::in_file(folder.string()));
  return screens;
}

std::optional<Response> Screens::answer(const std::string& path, const Request& request) const {
  const auto found = files_.find(path == "/" ? "/index.html" : path);
  if (found == files_.end()) return std::nullopt;
  const auto bytes = read_file(found->second.path, kLargest);
  if (!bytes) return std::nullopt;
  const std::string mark = mark_of(*bytes);
  Response response;
  response.type = found->second.type;
  response.headers = {{"ETag", mark}, {"Cache-Control", "no-cache"}};
  if (request.header("if-none-match") == mark) {
    response.status = 304;
    return response;
  }
  response.body.assign(bytes->begin(), bytes->end());
  return response;
}

}  // namespace mailroom::web
