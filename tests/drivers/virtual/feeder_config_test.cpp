#include "drivers/virtual/feeder_config.h"

#include <catch2/catch.hpp>

using namespace mailroom;
using namespace mailroom::drivers::feeder;

TEST_CASE("a configuration of two virtual scanners is read") {
  const auto devices = parse_config(
                           "# stacks of today\n"
                           "device one\n  folder = /stacks/one/\n  pace = 120\n"
                           "  fault = 4:jam\n  fault = 9 : read-hang\n"
                           "\ndevice two\r\nfolder = /stacks/two\nstate = /var/two\nheight = unknown\n"
                           "resolutions = 200 300\n",
                           "x.conf")
                           .value();
  REQUIRE(devices.size() == 2);
  CHECK(devices[0].name == "one");
  CHECK(devices[0].folder == "/stacks/one");
  CHECK(devices[0].state == "/stacks");
  CHECK(devices[0].pace == 120);
  REQUIRE(devices[0].faults.size() == 2);
  CHECK(devices[0].faults[1].sheet == 9);
  CHECK(devices[0].faults[1].kind == FaultKind::read_hang);
  CHECK(devices[1].state == "/var/two");
  CHECK(devices[1].unknown_height);
  CHECK(devices[1].resolutions == std::vector{200, 300});
}

TEST_CASE("a wrong line is named") {
  const std::string good = "device one\nfolder = /x\n";
  for (const std::string line :
       {"fault = 4", "fault = 0:jam", "fault = 4:fire", "pace = fast", "pace = -1", "colour = blue",
        "height = tall", "resolutions =", "resolutions = 9999", "hello"}) {
    const auto read = parse_config(good + line + "\n", "x.conf");
    CAPTURE(line);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == Errc::invalid_input);
    CHECK(read.error().place.file == "x.conf");
    CHECK(read.error().place.line == 3);
  }
  CHECK_FALSE(parse_config("folder = /x\n", "x.conf"));
  CHECK_FALSE(parse_config("device one\n", "x.conf"));
  CHECK_FALSE(parse_config("device a/b\nfolder = /x\n", "x.conf"));
}
