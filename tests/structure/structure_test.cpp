#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

#include "tests/structure/rules.h"
#include "tests/structure/source_tree.h"
#include "tests/support/places.h"

using namespace mailroom::test;

namespace {

const std::vector<SourceFile>& sources() {
  static const auto all = read_sources(source_path(), {"daemon", "drivers", "ocr", "firmware"});
  return all;
}

std::string room_of_file(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

const RoomRule* rule_of(const std::vector<RoomRule>& rules, const std::string& room) {
  const RoomRule* best = nullptr;
  for (const auto& rule : rules)
    if (is_inside(room, rule.room) && (best == nullptr || rule.room.size() > best->room.size())) best = &rule;
  return best;
}

bool may_include(const RoomRule& rule, const std::string& other_room) {
  return is_inside(other_room, rule.room) ||
         std::any_of(rule.may_use.begin(), rule.may_use.end(),
                     [&](const auto& allowed) { return is_inside(other_room, allowed); });
}

const LibraryRule* library_of(const std::vector<LibraryRule>& rules, const std::string& header) {
  for (const auto& rule : rules)
    for (const auto& beginning : rule.headers)
      if (header.rfind(beginning, 0) == 0) return &rule;
  return nullptr;
}

std::string at(const SourceFile& file, const Include& include) {
  return file.path + ":" + std::to_string(include.line) + ": ";
}

/// Every breach of the direction table, one sentence each.
std::vector<std::string> wrong_directions(const std::vector<SourceFile>& files,
                                          const std::vector<RoomRule>& rules) {
  std::vector<std::string> findings;
  for (const auto& file : files) {
    const RoomRule* rule = rule_of(rules, file.room);
    if (rule == nullptr) {
      findings.push_back(file.path + ": the room " + file.room + " has no line in tests/structure/rules.cpp");
      continue;
    }
    for (const auto& include : file.includes) {
      if (!include.ours) continue;
      if (include.name.find('/') == std::string::npos)
        findings.push_back(at(file, include) + "write the path from the project's root: " + include.name);
      else if (!may_include(*rule, room_of_file(include.name)))
        findings.push_back(at(file, include) + rule->room + " may not know " + room_of_file(include.name));
    }
  }
  return findings;
}

std::vector<std::string> foreign_libraries_astray(const std::vector<SourceFile>& files) {
  std::vector<std::string> findings;
  const auto rules = library_rules();
  for (const auto& file : files)
    for (const auto& include : file.includes) {
      if (include.ours || is_common_header(include.name)) continue;
      const LibraryRule* rule = library_of(rules, include.name);
      if (rule == nullptr) {
        findings.push_back(at(file, include) + "<" + include.name +
                           "> has no line in tests/structure/rules.cpp");
      } else if (std::none_of(rule->rooms.begin(), rule->rooms.end(),
                              [&](const auto& room) { return is_inside(file.room, room); })) {
        findings.push_back(at(file, include) + rule->library + " belongs to " + rule->rooms.front());
      }
    }
  return findings;
}

/// Headers that other rooms include and that let a foreign library through.
std::vector<std::string> leaking_headers(const std::vector<SourceFile>& files) {
  std::map<std::string, std::string> used_by;
  for (const auto& file : files)
    for (const auto& include : file.includes)
      if (include.ours && room_of_file(include.name) != file.room) used_by.emplace(include.name, file.path);
  std::vector<std::string> findings;
  for (const auto& file : files) {
    const auto user = used_by.find(file.path);
    if (user == used_by.end()) continue;
    for (const auto& include : file.includes)
      if (!include.ours && !is_common_header(include.name))
        findings.push_back(at(file, include) + "<" + include.name + "> leaks into " + user->second);
  }
  return findings;
}

void require_none(const std::vector<std::string>& findings) {
  std::string text;
  for (const auto& finding : findings) text += "\n  " + finding;
  INFO("Found:" << text);
  CHECK(findings.empty());
}

SourceFile made_up(const std::string& path, const std::string& text) {
  SourceFile file;
  file.path = path;
  file.room = room_of_file(path);
  file.text = text;
  file.includes = includes_in(text);
  return file;
}

}  // namespace

TEST_CASE("every room knows only the rooms below it", "[structure]") {
  REQUIRE(sources().size() > 20);
  require_none(wrong_directions(sources(), room_rules()));
}

TEST_CASE("each foreign library is included in its own folder only", "[structure]") {
  require_none(foreign_libraries_astray(sources()));
}

TEST_CASE("no header that other rooms use lets a foreign library through", "[structure]") {
  require_none(leaking_headers(sources()));
}

TEST_CASE("an include against the direction is found", "[structure]") {
  CHECK(
      wrong_directions({made_up("daemon/base/x.h", "#include \"daemon/archive/database.h\"\n")}, room_rules())
          .size() == 1);
  CHECK(wrong_directions({made_up("ocr/image/x.cpp", "#  include \"daemon/intake/spool.h\"\n")}, room_rules())
            .size() == 1);
  CHECK(wrong_directions({made_up("daemon/base/x.cpp", "#include \"result.h\"\n")}, room_rules()).size() ==
        1);
  CHECK(wrong_directions({made_up("daemon/new_room/x.cpp", "")}, room_rules()).size() == 1);
  CHECK(wrong_directions({made_up("ocr/barcode/x.cpp", "#include \"ocr/codec/decode.h\"\n")}, room_rules())
            .empty());
}

TEST_CASE("a foreign library outside its folder is found", "[structure]") {
  CHECK(foreign_libraries_astray({made_up("daemon/intake/x.cpp", "#include <sqlite3.h>\n")}).size() == 1);
  CHECK(foreign_libraries_astray({made_up("daemon/intake/x.cpp", "#include <curl/curl.h>\n")}).size() == 1);
  CHECK(
      foreign_libraries_astray({made_up("daemon/archive/x.cpp", "#include <sqlite3.h>\n#include <vector>\n")})
          .empty());
  const auto leaking = made_up("daemon/archive/x.h", "#include <sqlite3.h>\n");
  CHECK(leaking_headers({leaking, made_up("daemon/app/y.cpp", "#include \"daemon/archive/x.h\"\n")}).size() ==
        1);
  CHECK(leaking_headers({leaking, made_up("daemon/archive/y.cpp", "#include \"daemon/archive/x.h\"\n")})
            .empty());
}
