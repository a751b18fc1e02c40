#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "daemon/base/child_process.h"

namespace mailroom::test {

/// Runs a Python program with Debian's interpreter; its exit code, or -1 when it did not end.
inline int run_python(std::vector<std::string> arguments,
                      std::chrono::seconds timeout = std::chrono::seconds(30)) {
  auto child = ChildProcess::start({"/usr/bin/python3", std::move(arguments)});
  if (!child) return -1;
  const auto status = child->wait(timeout);
  return status && status->signal == 0 ? status->code : -1;
}

}  // namespace mailroom::test
