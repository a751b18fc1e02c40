#include "drivers/virtual/feeder_state.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "tests/support/temporary_folder.h"

using namespace mailroom;
using namespace mailroom::drivers::feeder;

namespace {

struct Stack {
  test::TemporaryFolder folder = {};
  DeviceConfig config = {};

  Stack() {
    config.name = "one";
    config.folder = folder.path() / "stack";
    config.state = folder.path() / "state";
    std::filesystem::create_directories(config.folder);
    for (const char* name : {"b.png", "a.JPG", "c.tif", "notes.txt", "README.md"}) {
      std::ofstream(config.folder / name) << "x";
    }
  }
};

}  // namespace

TEST_CASE("only images are paper, in the order of their names") {
  const Stack stack;
  CHECK(FeederState::open(stack.config).value().images_left().value() ==
        std::vector<std::string>{"a.JPG", "b.png", "c.tif"});
}

TEST_CASE("what went through is remembered when the scanner is opened again") {
  const Stack stack;
  {
    auto state = FeederState::open(stack.config).value();
    REQUIRE(state.consume({"a.JPG", "b.png"}, 2));
    CHECK(state.fires({3, FaultKind::jam}).value());
  }
  auto state = FeederState::open(stack.config).value();
  CHECK(state.images_left().value() == std::vector<std::string>{"c.tif"});
  CHECK(state.sheets() == 1);
  CHECK(state.counter() == 2);
  CHECK_FALSE(state.fires({3, FaultKind::jam}).value());
  CHECK(state.fires({3, FaultKind::cover}).value());
}

TEST_CASE("a virtual scanner is open once at a time") {
  const Stack stack;
  const auto first = FeederState::open(stack.config);
  REQUIRE(first);
  CHECK(FeederState::open(stack.config).error().code == Errc::busy);
}

TEST_CASE("a stack folder that is gone and a foreign state file are errors") {
  Stack stack;
  std::filesystem::remove_all(stack.config.folder);
  CHECK(FeederState::open(stack.config).value().images_left().error().code == Errc::not_found);
  std::ofstream(stack.config.state / "one.feeder") << "mailroomfeeder-state 2\n";
  CHECK(FeederState::open(stack.config).error().code == Errc::corrupt);
}
