#pragma once

#include <memory>
#include <string>
#include <thread>

#include "daemon/base/unique_fd.h"
#include "drivers/virtual/payment/terminal_session.h"

namespace mailroom::payment {

/// A virtual card terminal on the network: ZVT over TCP, one register at a time, others wait. Its thread is
/// the only one that books. Thread-safe.
class TerminalServer {
 public:
  /// `place`: "127.0.0.1:PORT", port 0 for any. `clock` is used as long as this lives. Errc::invalid_input,
  /// io.
  static Result<std::unique_ptr<TerminalServer>> start(const std::string& place, TerminalJournal journal,
                                                       TerminalScript script, const Clock& clock);
  ~TerminalServer();
  TerminalServer(const TerminalServer&) = delete;
  TerminalServer& operator=(const TerminalServer&) = delete;

  [[nodiscard]] int port() const { return port_; }

 private:
  TerminalServer(UniqueFd listener, int port, TerminalJournal journal, TerminalScript script,
                 const Clock& clock);
  void serve(const std::stop_token& stop);

  UniqueFd listener_;
  int port_;
  TerminalJournal journal_;
  TerminalScript script_;
  const Clock& clock_;
  std::jthread thread_;
};

}  // namespace mailroom::payment
