#pragma once

#include <filesystem>
#include <iostream>
#include <optional>
#include <string>

#include "tests/support/places.h"

namespace mailroom::test {

/// A folder of measured samples beside the checkout ("pages", "corpus"), which a fresh clone may
/// not have. Without it the test says so and counts as skipped.
inline std::optional<std::filesystem::path> shared_folder(const std::string& name) {
  const auto folder = std::filesystem::path(source_path()) / ".." / "shared" / name;
  if (std::filesystem::is_directory(folder)) return std::filesystem::canonical(folder);
  std::cout << "[skipped] the samples in ../shared/" << name << " are not here\n";
  return std::nullopt;
}

}  // namespace mailroom::test
