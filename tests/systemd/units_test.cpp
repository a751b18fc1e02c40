#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <vector>

#include "tests/support/places.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/text_file.h"
#include "tests/systemd/command.h"

namespace fs = std::filesystem;
using namespace mailroom::test;

namespace {

const std::vector<std::string> kUnits = {"mailroomd.service",           "mailroom-setup.service",
                                         "mailroom-broker.service",     "mailroom-recipient@.service",
                                         "mailroom-scan-link@.service", "mailroom-card-link@.service"};

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

/// The units as installed, but starting the programs of the build folder, so that systemd finds them
/// executable. Empty when a program has not been built.
bool units_for_build_folder(const fs::path& folder) {
  const std::string programs = build_path("bin/");
  for (const char* program :
       {"mailroomd", "mailroomctl", "mailroom-recipient", "mailroom-scan-link", "mailroom-card-link"})
    if (!fs::exists(programs + program)) {
      std::cout << "[skipped] " << program << " is not built in this folder\n";
      return false;
    }
  for (const auto& unit : kUnits)
    std::ofstream(folder / unit) << replaced(
        replaced(text_of(fs::path(MAILROOM_UNITS_DIR) / unit), std::string(MAILROOM_BIN_DIR) + "/", programs),
        std::string(MAILROOM_LIBEXEC_DIR) + "/mailroom/", programs);
  return true;
}

}  // namespace

TEST_CASE("systemd accepts every unit without a remark", "[systemd]") {
  const TemporaryFolder folder;
  if (!have_program("systemd-analyze") || !have_program("mosquitto")) return;
  if (!units_for_build_folder(folder.path())) return;
  fs::copy_file(folder.path() / "mailroom-recipient@.service",
                folder.path() / "mailroom-recipient@ecm.service");
  fs::copy_file(folder.path() / "mailroom-scan-link@.service",
                folder.path() / "mailroom-scan-link@desk.service");
  fs::copy_file(folder.path() / "mailroom-card-link@.service",
                folder.path() / "mailroom-card-link@foyer.service");
  for (const char* unit : {"mailroomd.service", "mailroom-recipient@ecm.service",
                           "mailroom-scan-link@desk.service", "mailroom-card-link@foyer.service"}) {
    const auto outcome =
        run_command("systemd-analyze verify --man=no " + quoted((folder.path() / unit).string()));
    INFO(unit << ": " << outcome.output);
    CHECK(outcome.status == 0);
    CHECK(outcome.output.find(folder.path().string()) == std::string::npos);
  }
}

TEST_CASE("no service is exposed by more than 2.5", "[systemd]") {
  if (!have_program("systemd-analyze")) return;
  for (const auto& unit : kUnits) {
    const auto outcome = run_command("systemd-analyze security --no-pager --offline=true --threshold=25 " +
                                     quoted((fs::path(MAILROOM_UNITS_DIR) / unit).string()));
    INFO(unit << ": " << outcome.output);
    CHECK(outcome.status == 0);
    CHECK(outcome.output.find("Overall exposure level") != std::string::npos);
  }
}

TEST_CASE("a service without hardening would be noticed", "[systemd]") {
  if (!have_program("systemd-analyze")) return;
  const TemporaryFolder folder;
  const auto unit = folder.path() / "open.service";
  std::ofstream(unit) << "[Service]\nExecStart=/bin/true\n";
  CHECK(run_command("systemd-analyze security --no-pager --offline=true --threshold=25 " +
                    quoted(unit.string()))
            .status != 0);
}

TEST_CASE("the daemon may reach scanners and shut its page workers in", "[systemd]") {
  const auto unit = text_of(fs::path(MAILROOM_UNITS_DIR) / "mailroomd.service");
  for (const char* needed :
       {"Type=notify", "WatchdogSec=", "SupplementaryGroups=scanner", "DeviceAllow=char-usb_device rw",
        "DeviceAllow=char-sg rw", "DeviceAllow=char-ttyACM rw", "AF_NETLINK",
        "seccomp landlock_create_ruleset", "KillMode=mixed"})
    CHECK(unit.find(needed) != std::string::npos);
  CHECK(unit.find("\nPrivateDevices=yes") == std::string::npos);
  CHECK(unit.find("\nPrivateUsers=yes") == std::string::npos);
  CHECK(unit.find('@' + std::string("CMAKE")) == std::string::npos);
}

TEST_CASE("the system users come into being on an empty system", "[systemd]") {
  if (!have_program("systemd-sysusers")) return;
  const TemporaryFolder root;
  fs::create_directories(root.path() / "etc");
  const auto outcome = run_command("systemd-sysusers --dry-run --root=" + quoted(root.path().string()) + " " +
                                   quoted(source_path("systemd/mailroom.sysusers")));
  INFO(outcome.output);
  CHECK(outcome.status == 0);
  CHECK(outcome.output.find("mailroom") != std::string::npos);
  CHECK(outcome.output.find("scanner") != std::string::npos);
}
