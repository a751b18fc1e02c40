#include "daemon/app/folders.h"

#include <cstdlib>

namespace mailroom::app {
namespace fs = std::filesystem;

fs::path companion_program(const char* name) {
  if (const char* folder = std::getenv("MAILROOM_LIBEXEC")) return fs::path(folder) / name;
  std::error_code error;
  const fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
  if (fs::exists(folder / name, error)) return folder / name;
  return folder.parent_path() / MAILROOM_LIBEXEC_FOLDER / name;
}

fs::path shared_folder(const char* name) {
  if (const char* folder = std::getenv("MAILROOM_SHARE")) return fs::path(folder) / name;
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  return program.parent_path().parent_path() / "share" / "mailroom" / name;
}

}  // namespace mailroom::app
