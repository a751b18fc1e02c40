#pragma once

#include <memory>
#include <string>

#include "cut_line.h"
#include "daemon/base/clock.h"
#include "drivers/payment/zvt/zvt_terminal.h"
#include "drivers/virtual/payment/terminal_server.h"
#include "tests/support/temporary_folder.h"

namespace mailroom::test {

/// A virtual terminal that runs in this process, without waiting for people.
class Counter {
 public:
  /// `earlier_cents`: what another person paid here before; 0 for a terminal that has never booked.
  explicit Counter(payment::TerminalScript script = quick(), std::uint64_t earlier_cents = 0) {
    auto journal = payment::TerminalJournal::open(file());
    if (earlier_cents != 0) journal->book({"payment", 0, 0, earlier_cents, 0, 0, "0102 030405"}).value();
    server_ =
        payment::TerminalServer::start("127.0.0.1:0", *std::move(journal), std::move(script), clock_).value();
  }

  static payment::TerminalScript quick() {
    payment::TerminalScript script;
    script.pace = std::chrono::milliseconds(0);
    script.answer = std::chrono::milliseconds(500);
    return script;
  }

  static payment::TerminalScript plays(payment::Behaviour behaviour) {
    auto script = quick();
    script.payments = {behaviour};
    return script;
  }

  [[nodiscard]] std::filesystem::path file() const { return folder_.path() / "journal"; }
  [[nodiscard]] int port() const { return server_->port(); }
  [[nodiscard]] std::string place() const { return "127.0.0.1:" + std::to_string(port()); }
  [[nodiscard]] payment::TerminalJournal journal() const {
    return payment::TerminalJournal::open(file()).value();
  }
  [[nodiscard]] std::size_t charges() const { return journal().standing().size(); }

  static payment::zvt::ZvtTerminal terminal_at(const std::string& place) {
    payment::zvt::ZvtSettings settings;
    settings.place = place;
    settings.answer = std::chrono::milliseconds(2'000);
    settings.progress = std::chrono::milliseconds(2'000);
    return payment::zvt::ZvtTerminal(settings);
  }
  [[nodiscard]] payment::zvt::ZvtTerminal terminal() const { return terminal_at(place()); }

 private:
  TemporaryFolder folder_;
  SystemClock clock_;
  std::unique_ptr<payment::TerminalServer> server_;
};

}  // namespace mailroom::test
