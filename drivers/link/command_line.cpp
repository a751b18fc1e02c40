#include "drivers/link/command_line.h"

#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>

#include "daemon/base/log.h"

namespace mailroom::drivers {
namespace {

void add_common(CLI::App& command, LinkChoice& choice) {
  command.add_option("--host", choice.address.host, "host name or address");
  command.add_option("--port", choice.address.port, "TCP port");
  command.add_option("--identities", choice.identities, "folder of ca.pem and our identity")->required();
  command.add_option("--as", choice.own, "name of our identity in that folder")->required();
}

Result<void> serve(const LinkProgram& program, const LinkChoice& choice) {
  MAILROOM_TRY(const auto listener, listen_at(choice.address));
  return FarEnd(program.far(), choice.party(), choice.client).serve(listener);
}

int obey(const LinkProgram& program, int argc, char** argv) {
  CLI::App app(program.text);
  app.require_subcommand(1);
  LinkChoice choice;
  choice.address = {"127.0.0.1", program.port};
  auto* near = app.add_subcommand("connect", "for mailroomd, which starts it with a channel at descriptor 3");
  auto* far = app.add_subcommand("serve", "on the computer with the device");
  add_common(*near, choice);
  add_common(*far, choice);
  far->add_option("--client", choice.client, "common name of the daemon's certificate");
  program.add_more(*far);
  CLI11_PARSE(app, argc, argv);
  const auto done = near->parsed() ? program.connect(choice) : serve(program, choice);
  if (done) return 0;
  std::cerr << done.error().message() << '\n';
  return 1;
}

}  // namespace

int run_link(const LinkProgram& program, int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  log::open(program.name);
  try {
    return obey(program, argc, argv);
  } catch (const std::exception& problem) {
    log::error(std::string(program.name) + " ends: " + problem.what());
    return 1;
  }
}

}  // namespace mailroom::drivers
