// mailroom-card-link: a card reader at another computer, such as a kiosk's own, by the frames of the helper
// protocol over mutual TLS (docs/formats/helper-protocol.md).
//   mailroom-card-link connect   is started by mailroomd in the place of mailroom-card
//   mailroom-card-link serve     runs on the computer with the reader; certificates, HSM and modules are
//   there

#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>

#include "daemon/base/log.h"
#include "drivers/link/far_end.h"
#include "drivers/link/relay.h"

namespace {

using namespace mailroom;
using namespace mailroom::drivers;

struct Choice {
  LinkAddress address{"127.0.0.1", "6571"};
  std::filesystem::path identities;
  std::string own;  ///< file name of our identity
  std::string client = "mailroomd";
  std::filesystem::path program = "/usr/libexec/mailroom/mailroom-card";
  std::string reader, terminal, badge_module;

  [[nodiscard]] TlsParty party() const {
    return {identities / "ca.pem", identities / (own + ".pem"), identities / (own + ".key")};
  }
  [[nodiscard]] std::vector<std::string> arguments() const {
    std::vector<std::string> words;
    for (const auto& [option, value] :
         {std::pair{"--reader", reader}, {"--terminal", terminal}, {"--badge-module", badge_module}})
      if (!value.empty()) words.insert(words.end(), {option, value});
    return words;
  }
};

/// When the line breaks the channel closes, as it does when mailroom-card dies: nothing of the reading is
/// kept.
int connect(const Choice& choice) {
  FrameChannel daemon{UniqueFd(kHelperChannelFd)};
  auto far = RemoteChannel::connect(choice.address, choice.party());
  if (!far) {
    log::error(far.error());
    return 1;
  }
  return relay(daemon, *far) ? 0 : 1;
}

int serve(const Choice& choice) {
  const auto listener = listen_at(choice.address);
  const auto served =
      listener ? FarEnd({choice.program, choice.arguments()}, choice.party(), choice.client).serve(*listener)
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
  CLI::App app("A card reader at another computer");
  app.require_subcommand(1);
  Choice choice;
  auto* near = app.add_subcommand("connect", "for mailroomd, which starts it with a channel at descriptor 3");
  auto* far = app.add_subcommand("serve", "on the computer with the reader");
  add_common(*near, choice);
  add_common(*far, choice);
  far->add_option("--client", choice.client, "common name of the daemon's certificate");
  far->add_option("--program", choice.program, "mailroom-card");
  far->add_option("--reader", choice.reader, "name of the reader, as PC/SC has it");
  far->add_option("--terminal", choice.terminal, "terminal.json of its eID terminal");
  far->add_option("--badge-module", choice.badge_module, "PKCS#11 module for staff badges");
  CLI11_PARSE(app, argc, argv);
  return near->parsed() ? connect(choice) : serve(choice);
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  log::open("mailroom-card-link");
  try {
    return run(argc, argv);
  } catch (const std::exception& problem) {
    log::error(std::string("mailroom-card-link ends: ") + problem.what());
    return 1;
  }
}
