#include "tests/structure/source_tree.h"

#include <algorithm>
#include <sstream>

#include "tests/support/text_file.h"

namespace fs = std::filesystem;

namespace mailroom::test {
namespace {

bool is_source(const fs::path& file) {
  const auto name = file.filename().string();
  return file.extension() == ".h" || file.extension() == ".cpp" ||
         (name.size() > 5 && name.substr(name.size() - 5) == ".h.in");
}

SourceFile read_source(const fs::path& root, const fs::path& file) {
  SourceFile source;
  source.path = fs::relative(file, root).generic_string();
  source.room = fs::path(source.path).parent_path().generic_string();
  source.text = text_of(file);
  source.lines = static_cast<std::size_t>(std::count(source.text.begin(), source.text.end(), '\n'));
  source.includes = includes_in(source.text);
  return source;
}

}  // namespace

std::vector<Include> includes_in(const std::string& text) {
  std::vector<Include> found;
  std::istringstream lines(text);
  std::string line;
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    const auto hash = line.find_first_not_of(" \t");
    if (hash == std::string::npos || line[hash] != '#') continue;
    const auto word = line.find_first_not_of(" \t", hash + 1);
    if (word == std::string::npos || line.compare(word, 7, "include") != 0) continue;
    const auto open = line.find_first_of("<\"", word);
    if (open == std::string::npos) continue;
    const auto close = line.find(line[open] == '<' ? '>' : '"', open + 1);
    if (close == std::string::npos) continue;
    found.push_back({line.substr(open + 1, close - open - 1), line[open] == '"', number});
  }
  return found;
}

std::vector<SourceFile> read_sources(const fs::path& root, const std::vector<std::string>& folders) {
  std::vector<SourceFile> sources;
  for (const auto& folder : folders) {
    if (!fs::is_directory(root / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder))
      if (entry.is_regular_file() && is_source(entry.path()))
        sources.push_back(read_source(root, entry.path()));
  }
  std::sort(sources.begin(), sources.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return sources;
}

bool is_inside(const std::string& room, const std::string& parent) {
  return room == parent || room.rfind(parent + "/", 0) == 0;
}

}  // namespace mailroom::test
