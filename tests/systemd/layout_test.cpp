#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "tests/support/places.h"
#include "tests/support/temporary_folder.h"
#include "tests/systemd/command.h"

namespace fs = std::filesystem;
using namespace mailroom::test;

namespace {

/// Installs the build folder below `root`; false with a "[skipped]" when not everything is built.
bool installed_below(const fs::path& root) {
  for (const char* program : {"mailroomd", "mailroomctl", "mailroom-scan", "mailroom-page",
                              "mailroom-recipient", "mailroom-sample"})
    if (!fs::exists(fs::path(build_path("bin")) / program)) {
      std::cout << "[skipped] " << program << " is not built in this folder\n";
      return false;
    }
  const auto outcome = run_command("DESTDIR=" + quoted(root.string()) + " " + quoted(MAILROOM_CMAKE) +
                                   " --install " + quoted(build_path()));
  INFO(outcome.output);
  REQUIRE(outcome.status == 0);
  return true;
}

bool is_program(const fs::path& file) {
  return fs::is_regular_file(file) &&
         (fs::status(file).permissions() & fs::perms::others_exec) != fs::perms::none;
}

}  // namespace

TEST_CASE("an installation lies where the file hierarchy standard wants it", "[systemd]") {
  const TemporaryFolder root;
  if (!installed_below(root.path())) return;
  const auto below = [&](const std::string& absolute) {
    return root.path() / fs::path(absolute).relative_path();
  };
  const std::string prefix = MAILROOM_PREFIX;

  for (const char* program : {"mailroomd", "mailroomctl", "mailroom-recipient"}) {
    INFO(program);
    CHECK(is_program(below(std::string(MAILROOM_BIN_DIR) + "/" + program)));
  }
  for (const char* program : {"mailroom-scan", "mailroom-page"}) {
    INFO(program);
    CHECK(is_program(below(prefix + "/libexec/mailroom/" + program)));
  }
  for (const char* file : {"mailroom.toml", "classes.toml", "departments.toml", "profiles.toml"}) {
    INFO(file);
    CHECK(fs::is_regular_file(below(std::string(MAILROOM_ETC_DIR) + "/mailroom/" + file)));
  }
  for (const char* file :
       {"lib/systemd/system/mailroomd.service", "lib/systemd/system/mailroom-setup.service",
        "lib/systemd/system/mailroom-broker.service", "lib/systemd/system/mailroom-recipient@.service",
        "lib/sysusers.d/mailroom.conf", "lib/tmpfiles.d/mailroom.conf",
        "lib/udev/rules.d/70-mailroom-scanner.rules", "lib/udev/rules.d/71-mailroom-panel.rules",
        "share/polkit-1/rules.d/70-mailroom-card.rules"}) {
    INFO(file);
    CHECK(fs::is_regular_file(below(prefix + "/" + file)));
  }
  CHECK(fs::is_directory(below(prefix + "/share/mailroom/contract")));
  CHECK(fs::is_regular_file(below(std::string(MAILROOM_DOC_DIR) + "/administration.md")));
  CHECK(fs::is_regular_file(below(std::string(MAILROOM_DOC_DIR) + "/LICENSE")));
}

TEST_CASE("an installation holds no test program", "[systemd]") {
  const TemporaryFolder root;
  if (!installed_below(root.path())) return;
  for (const auto& entry : fs::recursive_directory_iterator(root.path())) {
    INFO(entry.path());
    CHECK(entry.path().filename().string().rfind("test_", 0) == std::string::npos);
  }
}
