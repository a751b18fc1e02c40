#include "drivers/virtual/payment/terminal_messages.h"

#include "drivers/payment/zvt/fields.h"
#include "drivers/payment/zvt/text.h"

namespace mailroom::payment {
namespace {

using zvt::add_field;
using zvt::add_tlv;
using zvt::Apdu;
using zvt::Command;
using zvt::Field;
using zvt::to_bcd;

constexpr std::uint32_t kLineTag = 0x07;
constexpr std::uint32_t kDisplayTag = 0x24;
constexpr std::uint32_t kPrintTag = 0x25;
constexpr std::uint32_t kReceiptTag = 0x1F07;

std::string money(std::uint64_t cents) {
  const auto rest = std::to_string(cents % 100);
  return std::to_string(cents / 100) + "," + (rest.size() < 2 ? "0" : "") + rest + " EUR";
}

Bytes text_field(std::string_view text) {
  Bytes bytes = zvt::to_code_page(text);
  bytes.push_back(0);
  return bytes;
}

}  // namespace

Apdu registered_message() {
  Bytes data;
  add_field(data, Field::status, Bytes{0x00});
  add_field(data, Field::terminal, to_bcd(kVirtualTerminalId));
  add_field(data, Field::currency, to_bcd("0978"));
  return Apdu(Command::completion, std::move(data));
}

Apdu step_message(std::uint8_t code, std::string_view text) {
  constexpr std::uint8_t kTimeout = 0x60;  // seconds, packed digits
  Bytes line, texts;
  add_tlv(line, kLineTag, zvt::to_code_page(text));
  add_tlv(texts, kDisplayTag, line);
  Bytes data = {code, kTimeout};
  add_field(data, Field::container, texts);
  return Apdu(Command::intermediate_status, std::move(data));
}

Apdu status_message(const JournalEntry& entry, unsigned original_trace) {
  Bytes data;
  add_field(data, Field::result, Bytes{entry.result});
  add_field(data, Field::amount, to_bcd(entry.cents, 6));
  add_field(data, Field::currency, to_bcd("0978"));
  add_field(data, Field::trace, to_bcd(entry.trace, 3));
  add_field(data, Field::date, to_bcd(entry.at.substr(0, 4)));
  add_field(data, Field::time, to_bcd(entry.at.substr(5, 6)));
  add_field(data, Field::terminal, to_bcd(kVirtualTerminalId));
  add_field(data, Field::card_number, Bytes{0x67, 0x25, 0xEE, 0xEE, 0xEE, 0xEE, 0xE4, 0x21, 0x0F});
  add_field(data, Field::receipt, to_bcd(entry.receipt, 2));
  add_field(data, Field::card_type, Bytes{0x05});
  add_field(data, Field::card_name, text_field("girocard"));
  if (entry.result != 0) add_field(data, Field::text, zvt::to_code_page(zvt::words_of_result(entry.result)));
  if (original_trace != 0) add_field(data, Field::original_trace, to_bcd(original_trace, 3));
  return Apdu(Command::status_information, std::move(data));
}

Apdu block_message(zvt::ReceiptKind kind, const std::vector<std::string>& lines) {
  Bytes texts;
  for (const auto& line : lines) add_tlv(texts, kLineTag, zvt::to_code_page(line));
  Bytes container;
  add_tlv(container, kReceiptTag, Bytes{std::uint8_t(kind)});
  add_tlv(container, kPrintTag, texts);
  Bytes data;
  add_field(data, Field::container, container);
  return Apdu(Command::print_text_block, std::move(data));
}

std::vector<Apdu> line_messages(const std::vector<std::string>& lines) {
  std::vector<Apdu> messages;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    Bytes data = zvt::to_code_page(lines[i]);
    data.insert(data.begin(), i + 1 == lines.size() ? std::uint8_t{0x81} : std::uint8_t{0x00});
    messages.emplace_back(Command::print_line, std::move(data));
  }
  return messages;
}

std::vector<std::string> receipt_lines(zvt::ReceiptKind kind, const JournalEntry& entry) {
  const bool merchant = kind == zvt::ReceiptKind::merchant;
  std::vector<std::string> lines = {
      merchant ? "* * H-Ä-N-D-L-E-R-B-E-L-E-G * *" : "* * K-U-N-D-E-N-B-E-L-E-G * *",
      "Stadt Musterhausen, Bürgerbüro",
      "Terminal-ID " + std::string(kVirtualTerminalId),
      "Beleg-Nr. " + std::to_string(entry.receipt) + " Trace-Nr. " + std::to_string(entry.trace),
      "girocard ############4210",
      (entry.kind == "reversal" ? "Storno " : "Betrag ") + money(entry.cents),
      entry.result == 0 ? "Zahlung erfolgt" : zvt::words_of_result(entry.result),
  };
  return lines;
}

std::vector<std::string> day_lines(const TerminalJournal& journal) {
  std::uint64_t sum = 0;
  const auto payments = journal.standing();
  for (const auto& payment : payments) sum += payment.cents;
  return {"Kassenabschluss", "Terminal-ID " + std::string(kVirtualTerminalId),
          "Anzahl " + std::to_string(payments.size()), "Summe " + money(sum)};
}

}  // namespace mailroom::payment
