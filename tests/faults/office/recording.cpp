#include "tests/faults/office/recording.h"

#include "tests/faults/office/office.h"

namespace mailroom::faults {
namespace {

void add(std::vector<std::string>& all, std::vector<std::string> more, const char* when) {
  for (auto& text : more) all.push_back(when + std::move(text));
}

/// One life of the office. A death or an error of its own ends it, as it ends a daemon.
void live(const std::filesystem::path& folder, World& world, const Office::Promised& promised) {
  try {
    Office office(folder);
    office.work(world, promised);
  } catch (const std::exception&) {
    if (!FileLayer::instance().dead()) throw;
  }
}

}  // namespace

const World& Recording::world_after(std::size_t count) const {
  const World* last = &worlds.front().second;
  for (const auto& [at, world] : worlds) {
    if (at <= count) last = &world;
  }
  return *last;
}

Recording record(const std::filesystem::path& folder, World world, const std::vector<long>& deaths) {
  auto& layer = FileLayer::instance();
  layer.watch(folder);
  Recording recording;
  recording.worlds.emplace_back(layer.size(), world);
  const Office::Promised promised = [&](const World& now) {
    if (layer.dead()) return false;
    recording.worlds.emplace_back(layer.size(), now);
    return true;
  };
  for (const long death : deaths) {
    layer.spoil({FileFault::Way::death, death, 0});
    live(folder, world, promised);
  }
  layer.spoil({});
  live(folder, world, promised);
  recording.operations = layer.take_operations();
  return recording;
}

std::vector<std::string> examine(const std::filesystem::path& folder, World world) {
  std::vector<std::string> broken;
  try {
    Office office(folder);
    add(broken, office.broken_promises(world), "after recovery: ");
    add(broken, office.findings(), "after recovery: ");
    office.work(world);
    add(broken, office.unfinished(world), "in the end: ");
    add(broken, office.findings(), "in the end: ");
  } catch (const std::exception& error) {
    broken.emplace_back(std::string("the mailroom could not go on: ") + error.what());
  }
  return broken;
}

}  // namespace mailroom::faults
