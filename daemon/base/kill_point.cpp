#include "daemon/base/kill_point.h"

#ifdef MAILROOM_FAULTS

#include <fcntl.h>

#include <csignal>
#include <cstdlib>
#include <mutex>
#include <sstream>
#include <string>
#include <vector>

namespace mailroom {
namespace {

struct Target {
  std::string name;
  int remaining = 1;
};

std::vector<Target> targets_from_environment() {
  std::vector<Target> targets;
  const char* wanted = std::getenv("MAILROOM_KILL_AT");
  std::istringstream list(wanted == nullptr ? "" : wanted);
  for (std::string word; std::getline(list, word, ',');) {
    const auto colon = word.find(':');
    targets.push_back(
        {word.substr(0, colon), colon == std::string::npos ? 1 : std::atoi(word.c_str() + colon + 1)});
  }
  return targets;
}

/// Without MAILROOM_KILL_ONCE always; with it only for the process that creates the file.
bool may_end() {
  const char* once = std::getenv("MAILROOM_KILL_ONCE");
  return once == nullptr || ::open(once, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600) >= 0;
}

}  // namespace

void kill_point(std::string_view name) {
  static std::mutex mutex;
  static std::vector<Target> targets = targets_from_environment();
  const std::scoped_lock lock(mutex);
  for (Target& target : targets) {
    if (target.name == name && --target.remaining == 0 && may_end()) ::raise(SIGKILL);
  }
}

}  // namespace mailroom

#endif
