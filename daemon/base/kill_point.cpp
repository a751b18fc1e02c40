#include "daemon/base/kill_point.h"

#ifdef MAILROOM_FAULTS

#include <csignal>
#include <cstdlib>
#include <mutex>
#include <string>

namespace mailroom {
namespace {

struct Target {
  std::string name;
  int remaining = 1;
};

Target target_from_environment() {
  const char* wanted = std::getenv("MAILROOM_KILL_AT");
  if (wanted == nullptr) return {};
  const std::string_view text(wanted);
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return {std::string(text), 1};
  return {std::string(text.substr(0, colon)), std::atoi(wanted + colon + 1)};
}

}  // namespace

void kill_point(std::string_view name) {
  static std::mutex mutex;
  static Target target = target_from_environment();
  const std::scoped_lock lock(mutex);
  if (target.name == name && --target.remaining == 0) ::raise(SIGKILL);
}

}  // namespace mailroom

#endif
