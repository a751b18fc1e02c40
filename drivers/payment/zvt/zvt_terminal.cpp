#include "drivers/payment/zvt/zvt_terminal.h"

#include <nlohmann/json.hpp>

namespace mailroom::payment::zvt {
namespace {

using nlohmann::json;

constexpr std::uint8_t kWeControlPayment = 0x02 | 0x04 | 0x08 | 0x10 | 0x20 | 0x80;  // and get all lines and steps
constexpr int kWithoutReason = 0xFF;  // "system error"
constexpr std::uint16_t kPositive = 0x8400;
const Bytes kEuro = {0x09, 0x78};

Bytes octets_of(const std::string& digits) {
  return bcd(std::stoull(digits.empty() ? "0" : digits), digits.size() / 2);
}

/// What an intermediate status asks of the person (PA00P015, table of status bytes of 04 FF).
std::string_view step_of(int status) {
  switch (status) {
    case 0x0A: return "insert_card";
    case 0x01: return "enter_pin";
    case 0x0B: return "remove_card";
    case 0x0C: return "not_readable";
    case 0x15: return "retry";
    case 0x1C: return "approved";
    case 0x1D: return "declined";
    default: return "wait";
  }
}

std::string field_digits(const Fields& fields, Field name) {
  const auto found = fields.find(std::uint8_t(name));
  return found == fields.end() ? std::string() : digits(found->second);
}

std::string field_text(const Fields& fields, Field name) {
  const auto found = fields.find(std::uint8_t(name));
  return found == fields.end() ? std::string() : plain_text(found->second);
}

bool is_good(const Fields& status) {
  const auto result = status.find(std::uint8_t(Field::result));
  return result != status.end() && result->second == Bytes{0x00};
}

Booking booking_of(const Fields& status) {
  const auto date = field_digits(status, Field::date);
  const auto time = field_digits(status, Field::time);
  return {field_digits(status, Field::terminal), field_digits(status, Field::receipt), field_digits(status, Field::trace),
          field_text(status, Field::card_name), date.empty() ? std::string() : date + " " + time};
}

Apdu registration(const std::string& password) {
  Bytes data = octets_of(password);
  data.push_back(kWeControlPayment);
  data.insert(data.end(), kEuro.begin(), kEuro.end());
  return Apdu(Command::registration, std::move(data));
}

}  // namespace

Result<void> ZvtTerminal::await_acknowledgement(TcpLine& line) {
  MAILROOM_TRY(const auto told, line.receive(settings_.answer));
  const Apdu answer = told.value_or(Apdu());
  if (answer.is(Command::acknowledged) || answer.command == kPositive) return {};
  if (answer.is_refusal())
    return fail(Errc::refused, "the card terminal refuses the command (84 " + digits(Bytes{std::uint8_t(answer.command)}) + ")");
  return fail(Errc::corrupt, "the card terminal answers something that is no answer");
}

/// Takes one message of the terminal; true when it was the last one of the command.
Result<bool> ZvtTerminal::take(TcpLine& line, const Apdu& told, Course& course, const OnStep& on_step) {
  if (told.is(Command::status_information)) {
    MAILROOM_TRY(auto fields, read_fields(told.data));
    if (!fields.empty()) course.status = std::move(fields);
  } else if (told.is(Command::intermediate_status) && !told.data.empty()) {
    if (on_step) on_step(step_of(told.data[0]), {});
  } else if (told.is(Command::print_line) && !told.data.empty()) {
    course.lines.push_back(plain_text(ByteView(told.data).subspan(1)));
  } else if (told.is(Command::abort_by_terminal)) {
    course.error = told.data.empty() ? kWithoutReason : told.data[0];
  } else if (told.is(Command::completion)) {
    course.completed = true;
  }
  MAILROOM_TRY_VOID(line.send(Apdu(Command::acknowledged)));
  return told.is(Command::completion) || told.is(Command::abort_by_terminal);
}

Result<ZvtTerminal::Course> ZvtTerminal::carry_out(TcpLine& line, const Apdu& command, const OnStep& on_step,
                                                   const std::stop_token& stop) {
  MAILROOM_TRY_VOID(line.send(command));
  MAILROOM_TRY_VOID(await_acknowledgement(line));
  Course course;
  bool asked_to_stop = false;
  for (;;) {
    MAILROOM_TRY(const auto told, line.receive(settings_.progress, asked_to_stop ? std::stop_token() : stop));
    if (!told) {  // the terminal says what becomes of it
      asked_to_stop = true;
      MAILROOM_TRY_VOID(line.send(Apdu(Command::abort_by_us)));
      continue;
    }
    if (told->is(Command::acknowledged) || told->is_refusal()) continue;  // of our wish to stop
    MAILROOM_TRY(const bool last, take(line, *told, course, on_step));
    if (last) return course;
  }
}

Result<TcpLine> ZvtTerminal::registered() {
  MAILROOM_TRY(auto line, TcpLine::connect(settings_.place, settings_.answer));
  MAILROOM_TRY(const auto course, carry_out(line, registration(settings_.password), {}, {}));
  if (!course.completed) return fail(Errc::refused, "the card terminal does not let us in", {}, "check its password");
  return line;
}

Result<void> ZvtTerminal::look() {
  MAILROOM_TRY([[maybe_unused]] const auto line, registered());
  return {};
}

Result<Fields> ZvtTerminal::last_booking() {
  MAILROOM_TRY(auto line, registered());
  MAILROOM_TRY(const auto course, carry_out(line, Apdu(Command::repeat_receipt, octets_of(settings_.password)), {}, {}));
  return course.status;
}

Result<std::string> ZvtTerminal::prepare(const PaymentOrder& order) {
  MAILROOM_TRY(const auto last, last_booking());
  return json{{"receipt", field_digits(last, Field::receipt)},
              {"trace", field_digits(last, Field::trace)},
              {"cents", order.cents},
              {"reference", order.reference}}
      .dump();
}

PaymentResult ZvtTerminal::result_of(const Course& course) const {
  PaymentResult result;
  result.lines = course.lines;
  result.text = field_text(course.status, Field::text);
  if (course.completed && is_good(course.status)) {
    result.outcome = Outcome::paid;
    result.booking = booking_of(course.status);
    return result;
  }
  constexpr int kAbortedByPerson = 0x6C;
  result.outcome = course.error == kAbortedByPerson ? Outcome::aborted : Outcome::declined;
  return result;
}

PaymentResult ZvtTerminal::authorise(const PaymentOrder& order, const OnStep& on_step, const std::stop_token& stop) {
  auto line = registered();
  if (!line) return {Outcome::declined, {}, line.error().what, {}};  // nothing was asked for yet
  Bytes data;
  add_field(data, Field::amount, bcd(std::uint64_t(order.cents), 6));
  add_field(data, Field::currency, kEuro);
  const auto course = carry_out(*line, Apdu(Command::authorisation, std::move(data)), on_step, stop);
  if (!course && course.error().code == Errc::refused) return {Outcome::declined, {}, course.error().what, {}};
  if (!course) return {Outcome::unknown, {}, course.error().what, {}};
  return result_of(*course);
}

Result<PaymentResult> ZvtTerminal::resolve(const PaymentOrder& order, const std::string& record) {
  const auto before = json::parse(record, nullptr, false);
  if (!before.is_object()) return fail(Errc::corrupt, "the record of a payment cannot be read");
  MAILROOM_TRY(const auto last, last_booking());
  const bool same = field_digits(last, Field::receipt) == before.value("receipt", "") &&
                    field_digits(last, Field::trace) == before.value("trace", "");
  PaymentResult result;
  result.outcome = Outcome::declined;
  if (same || !is_good(last)) return result;
  const auto amount = field_digits(last, Field::amount);
  if (amount != digits(bcd(std::uint64_t(order.cents), 6)))
    return fail(Errc::conflict, "the card terminal has booked another amount since", {},
                "somebody else uses this terminal: compare its journal");
  result.outcome = Outcome::paid;
  result.booking = booking_of(last);
  return result;
}

Result<PaymentResult> ZvtTerminal::reverse(const std::string& receipt, const OnStep& on_step) {
  MAILROOM_TRY(auto line, registered());
  Bytes data = octets_of(settings_.password);
  add_field(data, Field::receipt, octets_of(receipt));
  MAILROOM_TRY(const auto course, carry_out(line, Apdu(Command::reversal, std::move(data)), on_step, {}));
  return result_of(course);
}

Result<std::vector<std::string>> ZvtTerminal::end_day() {
  MAILROOM_TRY(auto line, registered());
  MAILROOM_TRY(auto course, carry_out(line, Apdu(Command::end_of_day, octets_of(settings_.password)), {}, {}));
  if (!course.completed) return fail(Errc::refused, "the card terminal does not close its day");
  return std::move(course.lines);
}

}  // namespace mailroom::payment::zvt
