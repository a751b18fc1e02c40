#include "daemon/base/work_thread.h"

#include <catch2/catch.hpp>
#include <stdexcept>
#include <vector>

using mailroom::WorkThread;

TEST_CASE("work is done in the order it was given, before the thread stops") {
  std::vector<int> order;
  {
    WorkThread thread;
    for (int i = 0; i < 100; ++i) thread.post([&order, i] { order.push_back(i); });
  }
  REQUIRE(order.size() == 100);
  CHECK(std::is_sorted(order.begin(), order.end()));
}

TEST_CASE("a call gives its value or its exception to the caller, also from the thread itself") {
  WorkThread thread;
  CHECK(thread.call([] { return 42; }) == 42);
  CHECK(thread.call([&] { return thread.call([] { return 7; }); }) == 7);
  CHECK_THROWS_AS(thread.call([]() -> int { throw std::runtime_error("no"); }), std::runtime_error);
}

TEST_CASE("work given after the end is an error of ours, never silently dropped") {
  WorkThread thread;
  thread.stop();
  CHECK_THROWS_AS(thread.post([] {}), std::logic_error);
}
