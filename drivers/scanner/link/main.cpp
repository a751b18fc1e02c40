// mailroom-scan-link: a scanner at another computer, by the frames of the helper protocol over mutual TLS
// (docs/formats/helper-protocol.md).
//   mailroom-scan-link connect   is started by mailroomd in the place of mailroom-scan
//   mailroom-scan-link serve     runs on the computer beside the scanner

#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>

#include "daemon/base/log.h"
#include "drivers/link/far_end.h"
#include "drivers/scanner/link/near_end.h"
#include "drivers/scanner/scanner.h"

namespace {

using namespace mailroom;
using namespace mailroom::drivers;

struct Choice {
  LinkAddress address{"127.0.0.1", "6570"};
  std::filesystem::path identities;
  std::string own;  ///< file name of our identity
  std::string client = "mailroomd";
  std::filesystem::path program = "/usr/libexec/mailroom/mailroom-scan";
  std::filesystem::path scanners = "/etc/mailroom/scanners";

  [[nodiscard]] TlsParty party() const {
    return {identities / "ca.pem", identities / (own + ".pem"), identities / (own + ".key")};
  }
};

int connect(const Choice& choice) {
  FrameChannel daemon{UniqueFd(kHelperChannelFd)};
  return NearEnd(daemon).run(choice.address, choice.party()) ? 0 : 1;
}

int serve(const Choice& choice) {
  const auto listener = listen_at(choice.address);
  const auto served = listener ? FarEnd({choice.program, {}, {{kQuirksVariable, choice.scanners.string()}}},
                                        choice.party(), choice.client)
                                     .serve(*listener)
                               : Result<void>(fail(listener.error()));
  std::cerr << served.error().message() << '\n';
  return 1;
}

void add_common(CLI::App& command, Choice& choice) {
  command.add_option("--host", choice.address.host, "host name or address");
  command.add_option("--port", choice.address.port, "TCP port");
  command.add_option("--identities", choice.identities, "folder of ca.pem and our identity")->required();
  command.add_option("--as", choice.own, "name of our identity in that folder")->required();
}

int run(int argc, char** argv) {
  CLI::App app("A scanner at another computer");
  app.require_subcommand(1);
  Choice choice;
  auto* near = app.add_subcommand("connect", "for mailroomd, which starts it with a channel at descriptor 3");
  auto* far = app.add_subcommand("serve", "on the computer beside the scanner");
  add_common(*near, choice);
  add_common(*far, choice);
  far->add_option("--client", choice.client, "common name of the daemon's certificate");
  far->add_option("--program", choice.program, "mailroom-scan");
  far->add_option("--scanners", choice.scanners, "folder of quirk files");
  CLI11_PARSE(app, argc, argv);
  return near->parsed() ? connect(choice) : serve(choice);
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  log::open("mailroom-scan-link");
  try {
    return run(argc, argv);
  } catch (const std::exception& problem) {
    log::error(std::string("mailroom-scan-link ends: ") + problem.what());
    return 1;
  }
}
