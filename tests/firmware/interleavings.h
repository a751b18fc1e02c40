#pragma once

#include <string>

namespace mailroom::test {

/// What became of one random course.
struct Course {
  std::string problem;    ///< empty: none
  unsigned taken = 0;     ///< presses
  unsigned losses = 0;    ///< of the line, as the daemon saw them
  unsigned meetings = 0;  ///< of panel and daemon
};

/// A random course of presses, cuts, noise, resets and deaths of the daemon on the virtual clock.
Course run_interleaving(unsigned seed);

}  // namespace mailroom::test
