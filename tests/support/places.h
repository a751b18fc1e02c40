#pragma once

#include <string>

namespace mailroom::test {

/// Places in the checkout and in its build folder. They are compiled in at one place only, so that
/// the tests of two checkouts are the same objects to a compiler cache.
std::string source_path(const std::string& relative = {});
std::string build_path(const std::string& relative = {});

}  // namespace mailroom::test
