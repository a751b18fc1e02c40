#include <catch2/catch.hpp>

#include "tests/firmware/interleavings.h"

TEST_CASE(
    "in 300 random courses of cuts, noise, resets and deaths every press that is taken acts once, in order",
    "[panel]") {
  unsigned taken = 0, losses = 0;
  for (unsigned seed = 1; seed <= 300; ++seed) {
    const auto course = mailroom::test::run_interleaving(seed);
    INFO("seed " << seed);
    REQUIRE(course.problem == "");
    taken += course.taken;
    losses += course.losses;
  }
  CAPTURE(taken, losses);
  CHECK(taken > 1000);
  CHECK(losses > 100);
}
