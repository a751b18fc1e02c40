#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/result.h"

namespace mailroom::payment {

/// One transaction of a virtual terminal.
struct JournalEntry {
  std::string kind;  ///< "payment", "reversal", "declined"; "opening" for the test booking of a new terminal
  unsigned receipt = 0;  ///< 1 to 9999
  unsigned trace = 0;    ///< 1 to 999999
  std::uint64_t cents = 0;
  std::uint8_t result = 0;  ///< result code of ZVT
  unsigned reverses = 0;    ///< of a reversal: receipt number that it takes back
  std::string at;           ///< "MMDD hhmmss"
};

/// What a virtual terminal has booked: a file of JSON lines in the order of booking, so that tests count
/// charges and a terminal that is started again knows its last one. Written before the terminal tells
/// anybody. Thread-bound.
class TerminalJournal {
 public:
  /// Reads the file, if there is one. Errc::corrupt names the line.
  static Result<TerminalJournal> open(std::filesystem::path file);

  /// Gives the entry the next receipt and trace numbers, and books it.
  Result<JournalEntry> book(JournalEntry entry);

  [[nodiscard]] const std::vector<JournalEntry>& entries() const { return entries_; }
  [[nodiscard]] const JournalEntry* last() const { return entries_.empty() ? nullptr : &entries_.back(); }
  [[nodiscard]] const JournalEntry* find_payment(unsigned receipt) const;
  [[nodiscard]] bool is_reversed(unsigned receipt) const;

  /// Payments that were not taken back.
  [[nodiscard]] std::vector<JournalEntry> standing() const;

 private:
  explicit TerminalJournal(std::filesystem::path file) : file_(std::move(file)) {}
  std::filesystem::path file_;
  std::vector<JournalEntry> entries_;
};

}  // namespace mailroom::payment
