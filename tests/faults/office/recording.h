#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "tests/faults/file_layer/file_layer.h"
#include "tests/faults/office/world.h"

namespace mailroom::faults {

/// Everything an office did to its files, and what the world relied on after how many operations.
struct Recording {
  std::vector<FileOperation> operations;
  std::vector<std::pair<std::size_t, World>> worlds;

  /// The world when the first `operations` operations had been made.
  [[nodiscard]] const World& world_after(std::size_t count) const;
};

/// The office works in `folder` until all of `world` is through; it is killed at each of the `deaths`
/// (after so many calls of that life) and goes on after its recovery.
Recording record(const std::filesystem::path& folder, World world, const std::vector<long>& deaths);

/// Opens what is in `folder` with the real recovery, lets the work go on to its end and gives all that
/// does not hold. `world` is what was relied on when the machine went down.
std::vector<std::string> examine(const std::filesystem::path& folder, World world);

}  // namespace mailroom::faults
