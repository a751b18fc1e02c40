#include <CLI/CLI.hpp>
#include <iostream>

#include "daemon/app/ctl/care_commands.h"
#include "daemon/app/ctl/commands.h"
#include "daemon/app/ctl/invoice_commands.h"
#include "daemon/base/log.h"

using namespace mailroom;

int main(int argc, char** argv) {
  log::open("mailroomctl");
  CLI::App parser("Works with the mailroom: scan, look, clarify, verify.", "mailroomctl");
  parser.require_subcommand(1);
  parser.set_version_flag("--version", std::string("mailroomctl " MAILROOM_VERSION));
  app::ctl::Chosen chosen;
  parser.add_option("--config", chosen.folders.config, "folder of the configuration")->capture_default_str();
  parser.add_option("--data", chosen.folders.data, "folder of the data")->capture_default_str();
  parser.add_option("--runtime", chosen.folders.runtime, "folder of the control socket")
      ->capture_default_str();
  app::ctl::add_daemon_commands(parser, chosen);
  app::ctl::add_local_commands(parser, chosen);
  app::ctl::add_care_commands(parser, chosen);
  app::ctl::add_invoice_commands(parser, chosen);
  CLI11_PARSE(parser, argc, argv);
  try {
    return chosen.run();
  } catch (const std::exception& error) {
    std::cerr << "mailroomctl: " << error.what() << '\n';
    return app::ctl::kFailed;
  }
}
