#include <cstdio>
#include <cstdlib>

#include "tests/firmware/interleavings.h"

/// `panel_interleavings COUNT [FIRST]`: random courses on the virtual clock, a line for each that went wrong,
/// and a last line of figures. Ends with 1 when one did.
int main(int argc, char** argv) {
  const unsigned count = argc > 1 ? unsigned(std::strtoul(argv[1], nullptr, 10)) : 1000;
  const unsigned first = argc > 2 ? unsigned(std::strtoul(argv[2], nullptr, 10)) : 1;
  unsigned wrong = 0, taken = 0, losses = 0, meetings = 0;
  for (unsigned seed = first; seed < first + count; ++seed) {
    const auto course = mailroom::test::run_interleaving(seed);
    taken += course.taken;
    losses += course.losses;
    meetings += course.meetings;
    if (course.problem.empty()) continue;
    ++wrong;
    std::printf("seed %u: %s\n", seed, course.problem.c_str());
  }
  std::printf("%u courses, %u presses taken, %u times lost, %u times met: %u wrong\n", count, taken, losses,
              meetings, wrong);
  return wrong == 0 ? 0 : 1;
}
