// mailroom-scan-link: a scanner at another computer, by the frames of the helper protocol over mutual TLS
// (docs/formats/helper-protocol.md).
//   mailroom-scan-link connect   is started by mailroomd in the place of mailroom-scan
//   mailroom-scan-link serve     runs on the computer beside the scanner

#include <CLI/CLI.hpp>

#include "drivers/link/command_line.h"
#include "drivers/scanner/link/near_end.h"
#include "drivers/scanner/scanner.h"

int main(int argc, char** argv) {
  using namespace mailroom::drivers;
  std::filesystem::path program = "/usr/libexec/mailroom/mailroom-scan";
  std::filesystem::path scanners = "/etc/mailroom/scanners";
  const auto add_more = [&](CLI::App& serve) {
    serve.add_option("--program", program, "mailroom-scan");
    serve.add_option("--scanners", scanners, "folder of quirk files");
  };
  const auto far = [&] { return FarProgram{program, {}, {{kQuirksVariable, scanners.string()}}}; };
  const auto connect = [](const LinkChoice& choice) {
    mailroom::FrameChannel daemon{mailroom::UniqueFd(mailroom::kHelperChannelFd)};
    return NearEnd(daemon).run(choice.address, choice.party());
  };
  return run_link(
      {"mailroom-scan-link", "A scanner at another computer", "6570", add_more, far, connect}, argc, argv);
}
