// mailroom-virtual-badge DATABASE PORT: puts libcacard's software card, whose keys are in that NSS database,
// into the slot of vpcd at the port, until it is ended.

#include <csignal>
#include <iostream>
#include <string>

#include "drivers/virtual/card/badge/cac_badge.h"
#include "drivers/virtual/card/vpcd_slot.h"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: mailroom-virtual-badge DATABASE PORT\n";
    return 2;
  }
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  sigprocmask(SIG_BLOCK, &ends, nullptr);
  const auto badge = mailroom::card::CacBadge::open(argv[1]);
  if (!badge) {
    std::cerr << badge.error().message() << '\n';
    return 1;
  }
  mailroom::card::VpcdSlot slot(std::uint16_t(std::stoi(argv[2])));
  const auto inserted = slot.insert(**badge);
  if (!inserted) {
    std::cerr << inserted.error().message() << '\n';
    return 1;
  }
  int signal = 0;
  sigwait(&ends, &signal);
  return 0;
}
