#pragma once

#include <string>
#include <vector>

#include "drivers/payment/zvt/messages.h"
#include "drivers/virtual/payment/terminal_journal.h"

/// What a virtual terminal says.
namespace mailroom::payment {

inline constexpr std::string_view kVirtualTerminalId = "68001234";

zvt::Apdu registered_message();
zvt::Apdu step_message(std::uint8_t code, std::string_view text);

/// 04 0F about an entry of the journal; `original_trace` is of what a reversal takes back.
zvt::Apdu status_message(const JournalEntry& entry, unsigned original_trace = 0);

/// A receipt as one text block.
zvt::Apdu block_message(zvt::ReceiptKind kind, const std::vector<std::string>& lines);
/// A receipt line by line.
std::vector<zvt::Apdu> line_messages(const std::vector<std::string>& lines);

std::vector<std::string> receipt_lines(zvt::ReceiptKind kind, const JournalEntry& entry);
std::vector<std::string> day_lines(const TerminalJournal& journal);

}  // namespace mailroom::payment
