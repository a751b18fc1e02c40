#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace mailroom::test {

/// One `#include` of a source file.
struct Include {
  std::string name;   ///< as written between the quotes or brackets
  bool ours = false;  ///< in quotes
  std::size_t line = 0;
};

/// One file of the project, read whole.
struct SourceFile {
  std::string path;  ///< from the project's root, with '/'
  std::string room;  ///< folder of the file: "daemon/base", "drivers/scanner/sane"
  std::string text;
  std::size_t lines = 0;
  std::vector<Include> includes;
};

/// All C++ files (.h, .cpp) and their templates (.h.in) below `folders`, sorted by path.
std::vector<SourceFile> read_sources(const std::filesystem::path& root,
                                     const std::vector<std::string>& folders);

/// The includes written in `text`.
std::vector<Include> includes_in(const std::string& text);

/// True when `room` is `parent` or a folder inside it.
bool is_inside(const std::string& room, const std::string& parent);

}  // namespace mailroom::test
