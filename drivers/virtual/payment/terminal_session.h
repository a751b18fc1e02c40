#pragma once

#include "daemon/base/clock.h"
#include "drivers/virtual/payment/terminal_dialogue.h"
#include "drivers/virtual/payment/terminal_journal.h"
#include "drivers/virtual/payment/terminal_script.h"

namespace mailroom::payment {

/// One connection of a register to a virtual terminal: the terminal's side of ZVT. Thread-bound.
class TerminalSession {
 public:
  /// All are used as long as this lives; the script loses the behaviours that were played.
  TerminalSession(zvt::TcpLine line, TerminalJournal& journal, TerminalScript& script, const Clock& clock,
                  std::stop_token stop)
      : register_(std::move(line), script.answer, std::move(stop)),
        journal_(journal),
        script_(script),
        clock_(clock) {}

  /// Until the register ends the connection, the terminal drops it, or `stop`.
  void serve();

 private:
  void obey(const zvt::Apdu& command);
  void register_register(const zvt::Apdu& command);
  void pay(const zvt::Apdu& command);
  void reverse(const zvt::Apdu& command);
  void repeat_receipt();
  void close_day();

  Behaviour next_behaviour(std::uint64_t cents);
  bool goes_to_the_end(Behaviour behaviour);  // asks for card and PIN; false: it has ended
  void decline(std::uint64_t cents);
  void book(Behaviour behaviour, std::uint64_t cents);
  void conclude(const JournalEntry& entry);
  void take_back(const JournalEntry& entry);
  void print(const JournalEntry& entry);

  [[nodiscard]] JournalEntry entry_of(std::string kind, std::uint64_t cents) const;
  void abort(std::uint8_t code);  // 06 1E
  void step(std::uint8_t code, std::string_view text);
  [[nodiscard]] bool gives_up() const { return register_.is_gone() && !script_.carries_on; }

  TerminalDialogue register_;
  TerminalJournal& journal_;
  TerminalScript& script_;
  const Clock& clock_;
  bool registered_ = false;
};

}  // namespace mailroom::payment
