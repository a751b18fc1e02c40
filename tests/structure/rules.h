#pragma once

#include <set>
#include <string>
#include <vector>

namespace mailroom::test {

/// What the files below `room` may include from other rooms. Files may always include their own
/// room. The longest matching `room` holds.
struct RoomRule {
  std::string room;
  std::vector<std::string> may_use;
  std::string reason = {};  ///< why it may use more than its place in the order gives it
};

/// The one folder of a foreign library, by how its headers begin.
struct LibraryRule {
  std::string library;
  std::vector<std::string> headers;  ///< beginnings of the name between the brackets
  std::vector<std::string> rooms;    ///< the folders that may include them
};

/// docs/architecture.md shows the same table to people.
std::vector<RoomRule> room_rules();
std::vector<LibraryRule> library_rules();

/// True for headers every room may use: the language, POSIX and Linux, and the three libraries whose
/// types are our vocabulary.
bool is_common_header(const std::string& name);

}  // namespace mailroom::test
