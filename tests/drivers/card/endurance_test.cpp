#include <filesystem>
#include <fstream>
#include <unistd.h>

#include "tests/drivers/card/reading_scene.h"

using namespace mailroom;
using namespace mailroom::card;
using namespace mailroom::test;

namespace {

std::size_t resident_kib() {
  std::ifstream file("/proc/self/statm");
  std::size_t total = 0, resident = 0;
  file >> total >> resident;
  return resident * std::size_t(::sysconf(_SC_PAGESIZE)) / 1024;
}

std::size_t open_files() {
  namespace fs = std::filesystem;
  return std::size_t(std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator()));
}

}  // namespace

TEST_CASE("two hundred readings in a row leave nothing behind", "[card]") {
  ReadingScene scene;
  if (!scene.runs()) return;
  auto& card = scene.keep<EidCard>(scene.country.personalise());
  scene.insert(card);
  const auto papers = scene.country.issue({kiosk_rights()});
  MemoryKey key(papers.terminal.key);
  const auto terminal = scene.country.terminal(ReadingMode::kiosk, papers, key);
  for (int i = 0; i < 40; ++i) REQUIRE(outcome_of(scene.read(terminal, with_pin())) == "read");  // allocators settle
  const auto memory = resident_kib(), files = open_files();
  for (int i = 0; i < 160; ++i) REQUIRE(outcome_of(scene.read(terminal, with_pin())) == "read");
  CHECK(open_files() == files);
  // A leak of one certificate a reading would be more.
  CHECK(resident_kib() < memory + 1024);
}
