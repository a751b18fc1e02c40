#include "tests/support/places.h"

namespace mailroom::test {

std::string source_path(const std::string& relative) {
  return relative.empty() ? MAILROOM_SOURCE_DIR : MAILROOM_SOURCE_DIR "/" + relative;
}

std::string build_path(const std::string& relative) {
  return relative.empty() ? MAILROOM_BUILD_DIR : MAILROOM_BUILD_DIR "/" + relative;
}

}  // namespace mailroom::test
