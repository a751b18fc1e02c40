#pragma once

#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <string>

#include "daemon/crypto/identity.h"
#include "tests/support/temporary_folder.h"

namespace mailroom::test {

/// What a command prints (both streams) and its exit code.
struct CommandOutcome {
  int code = -1;
  std::string output;
};

/// Runs a shell command, as an auditor would.
inline CommandOutcome shell(const std::string& command) {
  CommandOutcome outcome;
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::array<char, 4096> room{};
  for (std::size_t got = 0; (got = std::fread(room.data(), 1, room.size(), pipe)) > 0;) {
    outcome.output.append(room.data(), got);
  }
  outcome.code = WEXITSTATUS(::pclose(pipe));
  return outcome;
}

inline IdentityPlan sample_plan() {
  return {"Universitätsstadt Marburg",
          "marburg",
          {"mailroom.marburg.example", "192.0.2.7"},
          "mailroomd",
          {"ecm", "hr"}};
}

/// A folder of identities, made once for the whole program: RSA keys take their time.
inline const std::filesystem::path& sample_identities() {
  static const TemporaryFolder folder;
  static const auto path = [] {
    const auto made = set_up_identities(folder.path() / "identities", sample_plan());
    if (!made) FAIL(made.error().message());
    return folder.path() / "identities";
  }();
  return path;
}

}  // namespace mailroom::test
