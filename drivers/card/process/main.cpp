// mailroom-card: drives one card reader for mailroomd, which started it with a channel at descriptor 3
// (docs/formats/helper-protocol.md). What it reads from an identity card leaves it encrypted only.

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>
#include <mutex>

#include "daemon/base/frame_channel.h"
#include "daemon/base/log.h"
#include "drivers/card/pcsc/pcsc_readers.h"
#include "drivers/card/process/badge_command.h"
#include "drivers/card/process/card_watch.h"
#include "drivers/card/process/read_command.h"

namespace {

using namespace mailroom;
using namespace mailroom::card;

struct Choice {
  std::string reader;
  std::filesystem::path terminal;
  std::filesystem::path badge_module;
};

constexpr auto kForEver = std::chrono::hours(24 * 365);

/// The desk at which orders are taken, one at a time; the watch speaks between them.
class CardDesk {
 public:
  CardDesk(FrameChannel& channel, Choice choice) : channel_(channel), choice_(std::move(choice)) {}

  int run();

 private:
  Result<void> say(const Frame& frame) {
    const std::scoped_lock lock(mutex_);
    return channel_.send(frame);
  }
  Result<void> obey(const Frame& order);
  Result<void> read(const Frame& order);
  EidResult<SealedReading> read_card(const ReadRequest& request);
  Result<void> sign(const Frame& order);
  Result<BadgeAnswer> sign_challenge(const Frame& order);

  FrameChannel& channel_;
  Choice choice_;
  std::mutex mutex_;
  std::unique_ptr<CardReaders> readers_ = pcsc_readers();
  std::optional<TerminalSetup> setup_;
  std::optional<Pkcs11Module> badges_;
};

EidResult<SealedReading> CardDesk::read_card(const ReadRequest& request) {
  if (choice_.terminal.empty())
    return refuse(EidFault::mode_forbids, Errc::unsupported, "this reader is not set up for identity cards");
  if (!setup_) {
    auto setup = read_terminal_setup(choice_.terminal);
    if (!setup) {
      const bool hsm = setup.error().code == Errc::refused;
      return refuse(hsm ? EidFault::terminal_key : EidFault::certificate_malformed, setup.error());
    }
    setup_.emplace(*std::move(setup));
  }
  return carry_out(request, *readers_, choice_.reader, setup_->terminal, [&](std::string_view step) {
    // A daemon that is gone is found when the outcome is sent.
    (void)say({"step", {{"step", step}}});
  });
}

Result<void> CardDesk::read(const Frame& order) {
  const auto request = messages::read_request_from(order.body);
  if (!request) return say({"error", messages::to_json(EidError{EidFault::mode_forbids, request.error()})});
  auto reading = read_card(*request);
  if (!reading) return say({"error", messages::to_json(reading.error())});
  return say({"reading", messages::to_json(*reading), std::move(reading->sealed)});
}

Result<BadgeAnswer> CardDesk::sign_challenge(const Frame& order) {
  MAILROOM_TRY(const auto request, badge_request_from(order.body));
  if (choice_.badge_module.empty()) return fail(Errc::unsupported, "this reader is not set up for badges");
  if (!badges_) {
    MAILROOM_TRY(auto module, Pkcs11Module::load(choice_.badge_module));
    badges_ = std::move(module);
  }
  return answer_challenge(*badges_, choice_.reader, request);
}

Result<void> CardDesk::sign(const Frame& order) {
  const auto answer = sign_challenge(order);
  if (!answer) {
    const EidFault fault = answer.error().code == Errc::device_lost ? EidFault::no_card : EidFault::wrong_pin;
    return say({"error", messages::to_json(EidError{fault, answer.error()})});
  }
  return say({"signed",
              {{"certificate", answer->certificate}, {"scheme", answer->scheme}, {"serial", answer->serial}},
              answer->signature});
}

Result<void> CardDesk::obey(const Frame& order) {
  if (order.type == "look") return say({"sight", messages::to_json(sight_of(choice_.reader, readers_->look()))});
  if (order.type == "read") return read(order);
  if (order.type == "sign") return sign(order);
  return say({"error", messages::to_json(EidError{EidFault::mode_forbids,
                                                  {Errc::invalid_input, "mailroom-card does not know this order"}})});
}

int CardDesk::run() {
  const CardWatch watch(choice_.reader, [this](const CardSight& sight) {
    (void)say({"card", messages::to_json(sight)});
  });
  for (;;) {
    const auto order = channel_.receive(kForEver);
    if (!order) return 1;
    if (!*order) return 0;
    if (!obey(**order)) return 1;
  }
}

bool has_channel() {
  struct stat status {};
  return ::fstat(kHelperChannelFd, &status) == 0 && S_ISSOCK(status.st_mode);
}

/// Personal data and PINs of badges pass through the memory: no dump of it is ever written.
void keep_memory_private() {
  ::prctl(PR_SET_DUMPABLE, 0);
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  Choice choice;
  CLI::App app("Drives one card reader for mailroomd");
  app.add_option("--reader", choice.reader, "name of the reader, as PC/SC has it");
  app.add_option("--terminal", choice.terminal, "terminal.json of its eID terminal");
  app.add_option("--badge-module", choice.badge_module, "PKCS#11 module for staff badges");
  CLI11_PARSE(app, argc, argv);
  if (!has_channel()) {
    std::cerr << "mailroom-card is started by mailroomd, one for each reader; there is nothing to run by hand.\n";
    return 2;
  }
  keep_memory_private();
  log::open("mailroom-card");
  try {
    FrameChannel channel{UniqueFd(kHelperChannelFd)};
    return CardDesk(channel, std::move(choice)).run();
  } catch (const std::exception& problem) {
    log::error(std::string("mailroom-card ends: ") + problem.what());
    return 1;
  }
}
