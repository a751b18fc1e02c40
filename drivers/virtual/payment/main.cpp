// mailroom-virtual-terminal --listen ADDRESS:PORT --journal FILE [--script FILE]: a card terminal in
// software, until it is ended. Prints its port once it listens.

#include <csignal>
#include <iostream>
#include <map>
#include <string>

#include "drivers/virtual/payment/terminal_server.h"

namespace {

using namespace mailroom;

Result<void> run(const std::map<std::string, std::string>& options, const sigset_t& ends) {
  MAILROOM_TRY(auto journal, payment::TerminalJournal::open(options.at("--journal")));
  payment::TerminalScript script;
  if (options.count("--script") != 0) {
    MAILROOM_TRY(script, payment::read_script(options.at("--script")));
  }
  if (journal.last() == nullptr) {
    MAILROOM_TRY_VOID(journal.book({"opening", 0, 0, 0, 0, 0, "0101 000000"}));
  }
  const SystemClock clock;
  MAILROOM_TRY(const auto server, payment::TerminalServer::start(options.at("--listen"), std::move(journal),
                                                                 std::move(script), clock));
  std::cout << server->port() << std::endl;
  int signal = 0;
  ::sigwait(&ends, &signal);
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  std::map<std::string, std::string> options;
  for (int i = 1; i + 1 < argc; i += 2) options[argv[i]] = argv[i + 1];
  const std::size_t known =
      options.count("--listen") + options.count("--journal") + options.count("--script");
  if (options.count("--listen") == 0 || options.count("--journal") == 0 ||
      known * 2 != std::size_t(argc - 1)) {
    std::cerr << "usage: mailroom-virtual-terminal --listen ADDRESS:PORT --journal FILE [--script FILE]\n";
    return 2;
  }
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  sigprocmask(SIG_BLOCK, &ends, nullptr);
  const auto ran = run(options, ends);
  if (ran) return 0;
  std::cerr << ran.error().message() << '\n';
  return 1;
}
