// mailroom-card-link: a card reader at another computer, such as a kiosk's own, by the frames of the helper
// protocol over mutual TLS (docs/formats/helper-protocol.md).
//   mailroom-card-link connect   is started by mailroomd in the place of mailroom-card
//   mailroom-card-link serve     runs on the computer with the reader; certificates, HSM and modules are
//   there

#include <CLI/CLI.hpp>

#include "drivers/link/command_line.h"
#include "drivers/link/relay.h"

namespace {

using namespace mailroom;
using namespace mailroom::drivers;

struct CardOptions {
  std::filesystem::path program = "/usr/libexec/mailroom/mailroom-card";
  std::string reader, terminal, badge_module;

  void add_to(CLI::App& serve) {
    serve.add_option("--program", program, "mailroom-card");
    serve.add_option("--reader", reader, "name of the reader, as PC/SC has it");
    serve.add_option("--terminal", terminal, "terminal.json of its eID terminal");
    serve.add_option("--badge-module", badge_module, "PKCS#11 module for staff badges");
  }
  [[nodiscard]] FarProgram far() const {
    FarProgram far{program};
    for (const auto& [option, value] :
         {std::pair{"--reader", reader}, {"--terminal", terminal}, {"--badge-module", badge_module}})
      if (!value.empty()) far.arguments.insert(far.arguments.end(), {option, value});
    return far;
  }
};

/// When the line breaks the channel closes, as it does when mailroom-card dies: nothing of the reading is
/// kept.
Result<void> connect(const LinkChoice& choice) {
  FrameChannel daemon{UniqueFd(kHelperChannelFd)};
  MAILROOM_TRY(auto far, RemoteChannel::connect(choice.address, choice.party()));
  return relay(daemon, far);
}

}  // namespace

int main(int argc, char** argv) {
  CardOptions options;
  return run_link({"mailroom-card-link", "A card reader at another computer", "6571",
                   [&](CLI::App& serve) { options.add_to(serve); }, [&] { return options.far(); }, connect},
                  argc, argv);
}
