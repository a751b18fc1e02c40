#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

/// Runs a fuzz target on every file of a folder, and on 200 random changes of each.
int main(int argc, char** argv) {
  int files = 0;
  std::mt19937 random(1);
  for (const auto& entry : std::filesystem::directory_iterator(argc > 1 ? argv[1] : ".")) {
    std::ifstream in(entry.path(), std::ios::binary);
    std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(in), {}};
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    for (int i = 0; i < 200 && !bytes.empty(); ++i) {
      auto changed = bytes;
      for (unsigned n = 0; n < 1 + random() % 5; ++n)
        changed[random() % changed.size()] = std::uint8_t(random());
      changed.resize(1 + random() % changed.size());
      LLVMFuzzerTestOneInput(changed.data(), changed.size());
    }
    ++files;
  }
  std::printf("%d files\n", files);
  return files > 0 ? 0 : 1;
}
