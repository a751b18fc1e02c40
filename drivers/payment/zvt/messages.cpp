#include "drivers/payment/zvt/messages.h"

#include "drivers/payment/zvt/fields.h"
#include "drivers/payment/zvt/text.h"

namespace mailroom::payment::zvt {
namespace {

constexpr std::string_view kEuro = "0978";  // ISO 4217
constexpr std::uint64_t kLineLength = 40;

// The register prints receipts of payments (02) and of administration (04), wants intermediate states (08),
// starts payments (10) and administration (20) itself, gets receipts as print lines or text blocks (80).
constexpr std::uint8_t kConfiguration = 0x02 | 0x04 | 0x08 | 0x10 | 0x20 | 0x80;

namespace tag {
constexpr std::uint32_t kLine = 0x07;
constexpr std::uint32_t kCommand = 0x0A;
constexpr std::uint32_t kLineLength = 0x12;
constexpr std::uint32_t kDisplayTexts = 0x24;
constexpr std::uint32_t kPrintTexts = 0x25;
constexpr std::uint32_t kPermittedCommands = 0x26;
constexpr std::uint32_t kReceiptType = 0x1F07;
}  // namespace tag

void append(Bytes& data, const Bytes& more) {
  data.insert(data.end(), more.begin(), more.end());
}

tl::unexpected<Error> too_short(const std::string& what) {
  return fail(Errc::corrupt, what + " of the card terminal is empty");
}

Result<std::string> digits_of(const Fields& fields, Field name) {
  const Bytes* value = fields.find(name);
  if (value == nullptr) return std::string();
  return from_bcd(*value);
}

std::string words_in(const Fields& fields, Field name) {
  const Bytes* value = fields.find(name);
  return value == nullptr ? std::string() : from_code_page(*value);
}

Result<void> read_numbers(const Fields& fields, StatusInformation& status) {
  MAILROOM_TRY(const auto amount, digits_of(fields, Field::amount));
  if (!amount.empty()) status.cents = std::stoull(amount);
  MAILROOM_TRY(status.currency, digits_of(fields, Field::currency));
  MAILROOM_TRY(status.receipt, digits_of(fields, Field::receipt));
  MAILROOM_TRY(status.trace, digits_of(fields, Field::trace));
  MAILROOM_TRY(status.original_trace, digits_of(fields, Field::original_trace));
  MAILROOM_TRY(status.terminal, digits_of(fields, Field::terminal));
  MAILROOM_TRY(status.date, digits_of(fields, Field::date));
  MAILROOM_TRY(status.time, digits_of(fields, Field::time));
  return {};
}

/// The lines (07) of texts to be shown or printed (24, 25).
Result<std::vector<std::string>> lines_of(ByteView texts) {
  MAILROOM_TRY(const auto objects, read_tlv(texts));
  std::vector<std::string> lines;
  for (const auto& object : objects) {
    if (object.tag == tag::kLine) lines.push_back(from_code_page(object.value));
  }
  return lines;
}

}  // namespace

Apdu registration(std::string_view password) {
  Bytes commands;
  add_tlv(commands, tag::kCommand, Bytes{0x06, 0xD1});
  add_tlv(commands, tag::kCommand, Bytes{0x06, 0xD3});
  Bytes container;
  add_tlv(container, tag::kLineLength, to_bcd(kLineLength, 1));
  add_tlv(container, tag::kPermittedCommands, commands);
  Bytes data = to_bcd(password);
  data.push_back(kConfiguration);
  append(data, to_bcd(kEuro));
  add_field(data, Field::service, Bytes{0x00});
  add_field(data, Field::container, container);
  return Apdu(Command::registration, std::move(data));
}

Apdu authorisation(std::uint64_t cents) {
  Bytes data;
  add_field(data, Field::amount, to_bcd(cents, 6));
  add_field(data, Field::currency, to_bcd(kEuro));
  return Apdu(Command::authorisation, std::move(data));
}

Apdu reversal(std::string_view password, std::string_view receipt) {
  Bytes data = to_bcd(password);
  add_field(data, Field::receipt, to_bcd(receipt));
  return Apdu(Command::reversal, std::move(data));
}

Apdu end_of_day(std::string_view password) {
  return Apdu(Command::end_of_day, to_bcd(password));
}

Apdu status_enquiry(std::string_view password) {
  return Apdu(Command::status_enquiry, to_bcd(password));
}

Apdu repeat_receipt(std::string_view password) {
  return Apdu(Command::repeat_receipt, to_bcd(password));
}

Result<StatusInformation> read_status_information(ByteView data) {
  MAILROOM_TRY(const auto fields, read_fields(data));
  StatusInformation status;
  if (const Bytes* result = fields.find(Field::result)) status.result = result->front();
  MAILROOM_TRY_VOID(read_numbers(fields, status));
  if (const Bytes* number = fields.find(Field::card_number)) status.card_number = masked_card_number(*number);
  status.card_name = words_in(fields, Field::card_name);
  status.text = words_in(fields, Field::text);
  return status;
}

Result<IntermediateStatus> read_intermediate_status(ByteView data) {
  if (data.empty()) return too_short("an intermediate status");
  IntermediateStatus status{data[0], {}};
  constexpr std::size_t kBeforeFields = 2;  // the code and a timeout
  if (data.size() <= kBeforeFields) return status;
  MAILROOM_TRY(const auto fields, read_fields(data.subspan(kBeforeFields)));
  const Bytes* container = fields.find(Field::container);
  if (container == nullptr) return status;
  MAILROOM_TRY(const auto objects, read_tlv(*container));
  for (const auto& object : objects) {
    if (object.tag != tag::kDisplayTexts) continue;
    MAILROOM_TRY(const auto lines, lines_of(object.value));
    for (const auto& line : lines) status.text += (status.text.empty() ? "" : " ") + line;
  }
  return status;
}

Result<TextBlock> read_text_block(ByteView data) {
  MAILROOM_TRY(const auto fields, read_fields(data));
  const Bytes* container = fields.find(Field::container);
  if (container == nullptr) return too_short("a text block");
  MAILROOM_TRY(const auto objects, read_tlv(*container));
  TextBlock block;
  for (const auto& object : objects) {
    if (object.tag == tag::kReceiptType && object.value.size() == 1 && object.value[0] <= 3)
      block.kind = ReceiptKind(object.value[0]);
    if (object.tag != tag::kPrintTexts) continue;
    MAILROOM_TRY(auto lines, lines_of(object.value));
    block.lines.insert(block.lines.end(), lines.begin(), lines.end());
  }
  return block;
}

Result<PrintLine> read_print_line(ByteView data) {
  if (data.empty()) return too_short("a print line");
  constexpr std::uint8_t kLastLine = 0x81;
  return PrintLine{from_code_page(data.subspan(1)), data[0] == kLastLine};
}

Result<std::uint8_t> read_terminal_state(ByteView data) {
  constexpr std::uint8_t kSoftwareVersion = 0xF0;  // LLLVAR, before the state
  std::size_t at = 0;
  if (!data.empty() && data[0] == kSoftwareVersion) {
    if (data.size() < 4) return too_short("the version");
    at = 4 + (data[1] & 0x0FU) * 100U + (data[2] & 0x0FU) * 10U + (data[3] & 0x0FU);
  }
  return at < data.size() ? data[at] : std::uint8_t{0};
}

}  // namespace mailroom::payment::zvt
