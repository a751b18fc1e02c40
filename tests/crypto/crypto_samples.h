#pragma once

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "daemon/crypto/identity.h"
#include "tests/support/shell.h"
#include "tests/support/temporary_folder.h"

namespace mailroom::test {

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
