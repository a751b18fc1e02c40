#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/payment/zvt/apdu.h"

/// What the messages of a payment say (PA00P015, chapters 2 and 3).
namespace mailroom::payment::zvt {

/// Result codes of field 27 and of an abort (PA00P015, "Error-Messages").
namespace result_code {
inline constexpr std::uint8_t kGood = 0x00;
inline constexpr std::uint8_t kProcessingError = 0x66;
inline constexpr std::uint8_t kCancelled = 0x6C;  // cancel key or timeout
inline constexpr std::uint8_t kNotPossible = 0x83;
inline constexpr std::uint8_t kBusy = 0x9C;
inline constexpr std::uint8_t kAlreadyReversed = 0xB4;
inline constexpr std::uint8_t kReversalNotPossible = 0xB5;
inline constexpr std::uint8_t kSystemError = 0xFF;
}  // namespace result_code

/// German, for people. "" for 00.
std::string words_of_result(std::uint8_t code);

Apdu registration(std::string_view password);
Apdu authorisation(std::uint64_t cents);
Apdu reversal(std::string_view password, std::string_view receipt);
Apdu end_of_day(std::string_view password);
Apdu status_enquiry(std::string_view password);
Apdu repeat_receipt(std::string_view password);

/// 04 0F. Numbers as digits with leading zeros, empty when the terminal does not say them.
struct StatusInformation {
  std::optional<std::uint8_t> result;
  std::optional<std::uint64_t> cents;
  std::string currency;
  std::string receipt;
  std::string trace;
  std::string original_trace;  ///< of what a reversal takes back; empty for a payment
  std::string terminal;
  std::string date;  ///< MMDD
  std::string time;  ///< hhmmss
  std::string card_number;
  std::string card_name;
  std::string text;
};
Result<StatusInformation> read_status_information(ByteView data);

/// 04 FF.
struct IntermediateStatus {
  std::uint8_t code = 0;
  std::string text;  ///< of the terminal, when it gives some
};
Result<IntermediateStatus> read_intermediate_status(ByteView data);

/// A step of OnStep for the code of an intermediate status; "wait" for those that ask for nothing.
std::string_view step_of(std::uint8_t code);

enum class ReceiptKind { unknown, merchant, customer, administration };

/// 06 D3.
struct TextBlock {
  ReceiptKind kind = ReceiptKind::unknown;
  std::vector<std::string> lines;
};
Result<TextBlock> read_text_block(ByteView data);

/// 06 D1.
struct PrintLine {
  std::string text;
  bool last = false;  ///< of its receipt
};
Result<PrintLine> read_print_line(ByteView data);

/// The terminal's state in a completion of a status enquiry; 0 is ready (PA00P015, "Terminal Status Codes").
Result<std::uint8_t> read_terminal_state(ByteView data);
std::string words_of_state(std::uint8_t state);

/// Whether a payment may be going on in this state.
bool may_be_paying(std::uint8_t state);

}  // namespace mailroom::payment::zvt
