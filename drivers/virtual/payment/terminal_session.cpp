#include "drivers/virtual/payment/terminal_session.h"

#include <array>
#include <ctime>
#include <optional>

#include "daemon/base/log.h"
#include "drivers/payment/zvt/fields.h"
#include "drivers/payment/zvt/text.h"
#include "drivers/virtual/payment/terminal_messages.h"

namespace mailroom::payment {
namespace {

using std::chrono::milliseconds;
using zvt::Apdu;
using zvt::Command;
using zvt::Field;
namespace result_code = zvt::result_code;

constexpr std::uint8_t kNotRegistered = 0x6B;
constexpr std::uint8_t kWrongCurrency = 0x6F;
constexpr std::uint8_t kProtocolError = 0x9A;
constexpr std::uint8_t kDeclinedByBank = 5;
constexpr std::size_t kPassword = 3;

std::optional<std::uint64_t> amount_in(const Bytes& data) {
  const auto fields = zvt::read_fields(data);
  const Bytes* amount = fields ? fields->find(Field::amount) : nullptr;
  if (amount == nullptr) return std::nullopt;
  const auto digits = zvt::from_bcd(*amount);
  return digits ? std::optional(std::stoull(*digits)) : std::nullopt;
}

std::optional<unsigned> receipt_in(const Bytes& data) {
  if (data.size() < kPassword) return std::nullopt;
  const auto fields = zvt::read_fields(ByteView(data).subspan(kPassword));
  const Bytes* receipt = fields ? fields->find(Field::receipt) : nullptr;
  if (receipt == nullptr) return std::nullopt;
  const auto digits = zvt::from_bcd(*receipt);
  return digits ? std::optional(unsigned(std::stoul(*digits))) : std::nullopt;
}

std::string terminal_time(Timestamp now) {
  const std::time_t at = std::chrono::system_clock::to_time_t(now);
  std::tm local{};
  ::localtime_r(&at, &local);
  std::array<char, 16> text{};
  std::strftime(text.data(), text.size(), "%m%d %H%M%S", &local);
  return text.data();
}

}  // namespace

void TerminalSession::serve() {
  while (const auto command = register_.next_command()) obey(*command);
}

void TerminalSession::obey(const Apdu& command) {
  switch (Command(command.command)) {
    case Command::registration: return register_register(command);
    case Command::status_enquiry:
      register_.accept();
      register_.tell(Apdu(Command::completion, {0x00}));
      return;
    case Command::abort_by_us: return register_.accept();
    default: break;
  }
  if (!registered_) return register_.refuse(kNotRegistered);
  switch (Command(command.command)) {
    case Command::authorisation: return pay(command);
    case Command::reversal: return reverse(command);
    case Command::repeat_receipt: return repeat_receipt();
    case Command::end_of_day: return close_day();
    default: return register_.refuse(result_code::kNotPossible);
  }
}

void TerminalSession::register_register(const Apdu& command) {
  constexpr std::size_t kCurrencyAt = kPassword + 1;
  const auto& data = command.data;
  if (data.size() < kCurrencyAt) return register_.refuse(kProtocolError);
  register_.accept();
  if (data.size() >= kCurrencyAt + 2 && (data[kCurrencyAt] != 0x09 || data[kCurrencyAt + 1] != 0x78))
    return abort(kWrongCurrency);
  registered_ = true;
  register_.tell(registered_message());
}

Behaviour TerminalSession::next_behaviour(std::uint64_t cents) {
  if (script_.payments.empty()) return behaviour_of(cents);
  const Behaviour behaviour = script_.payments.front();
  script_.payments.erase(script_.payments.begin());
  return behaviour;
}

void TerminalSession::pay(const Apdu& command) {
  const auto cents = amount_in(command.data);
  if (!cents || *cents == 0) return register_.refuse(kProtocolError);
  register_.accept();
  const Behaviour behaviour = next_behaviour(*cents);
  if (!goes_to_the_end(behaviour)) return;
  if (behaviour == Behaviour::declines) return decline(*cents);
  book(behaviour, *cents);
}

bool TerminalSession::goes_to_the_end(Behaviour behaviour) {
  step(0x0A, "Karte einstecken oder auflegen");
  const bool comes = behaviour != Behaviour::waits_for_card;
  const bool undisturbed = register_.wait_for(comes ? script_.pace : script_.card);
  if (gives_up()) return false;
  if (!undisturbed || !comes || behaviour == Behaviour::person_aborts) {
    abort(result_code::kCancelled);
    return false;
  }
  if (behaviour == Behaviour::drops_before_booking) {
    register_.drop();
    return false;
  }
  if (behaviour != Behaviour::pays_without_pin) {
    step(0x01, "PIN eingeben");
    if (behaviour == Behaviour::wrong_pin_first) step(0x15, "PIN falsch, noch einmal");
  }
  step(0x04, "Bitte warten");
  if (!register_.wait_for(script_.pace)) {
    abort(result_code::kCancelled);
    return false;
  }
  return !gives_up();
}

JournalEntry TerminalSession::entry_of(std::string kind, std::uint64_t cents) const {
  JournalEntry entry;
  entry.kind = std::move(kind);
  entry.cents = cents;
  entry.at = terminal_time(clock_.now());
  return entry;
}

void TerminalSession::decline(std::uint64_t cents) {
  auto entry = entry_of("declined", cents);
  entry.result = kDeclinedByBank;
  const auto booked = journal_.book(std::move(entry));
  if (!booked) return log::error(booked.error());
  step(0x1D, "Abgelehnt");
  register_.tell(status_message(*booked));
  abort(kDeclinedByBank);
}

void TerminalSession::book(Behaviour behaviour, std::uint64_t cents) {
  const auto booked = journal_.book(entry_of("payment", cents));
  if (!booked) {
    log::error(booked.error());
    return abort(result_code::kSystemError);
  }
  if (behaviour == Behaviour::drops_after_booking) return register_.drop();
  if (behaviour == Behaviour::talks_nonsense) {
    Apdu nonsense;
    nonsense.command = 0xC0DE;
    register_.send(nonsense);
    return register_.drop();
  }
  step(0x1C, "Zahlung erfolgt");
  step(0x0B, "Karte entnehmen");
  if (behaviour == Behaviour::books_and_aborts) {
    register_.tell(status_message(*booked));
    return abort(result_code::kProcessingError);
  }
  conclude(*booked);
}

void TerminalSession::conclude(const JournalEntry& entry) {
  const bool acknowledged = register_.tell(status_message(entry));
  if (!acknowledged && script_.takes_back) return take_back(entry);
  print(entry);
  register_.tell(Apdu(Command::completion));
}

void TerminalSession::take_back(const JournalEntry& entry) {
  auto reversal = entry_of("reversal", entry.cents);
  reversal.reverses = entry.receipt;
  const auto booked = journal_.book(std::move(reversal));
  if (!booked) return log::error(booked.error());
  step(0x05, "Automatisches Storno");
  abort(result_code::kProcessingError);
}

void TerminalSession::print(const JournalEntry& entry) {
  for (const auto kind : {zvt::ReceiptKind::merchant, zvt::ReceiptKind::customer}) {
    const auto lines = receipt_lines(kind, entry);
    if (!script_.prints_lines) {
      register_.tell(block_message(kind, lines));
      continue;
    }
    for (const auto& message : line_messages(lines)) register_.tell(message);
  }
}

void TerminalSession::reverse(const Apdu& command) {
  const auto receipt = receipt_in(command.data);
  if (!receipt) return register_.refuse(kProtocolError);
  register_.accept();
  const JournalEntry* payment = journal_.find_payment(*receipt);
  if (payment == nullptr) return abort(result_code::kReversalNotPossible);
  if (journal_.is_reversed(*receipt)) return abort(result_code::kAlreadyReversed);
  auto reversal = entry_of("reversal", payment->cents);
  reversal.reverses = *receipt;
  const unsigned original = payment->trace;
  const auto booked = journal_.book(std::move(reversal));
  if (!booked) return log::error(booked.error());
  register_.tell(status_message(*booked, original));
  print(*booked);
  register_.tell(Apdu(Command::completion));
}

void TerminalSession::repeat_receipt() {
  if (!script_.repeats_receipts) return register_.refuse(result_code::kNotPossible);
  register_.accept();
  const JournalEntry* last = journal_.last();
  if (last == nullptr) return abort(result_code::kNotPossible);
  const JournalEntry* reversed = last->reverses == 0 ? nullptr : journal_.find_payment(last->reverses);
  register_.tell(status_message(*last, reversed == nullptr || !script_.names_original ? 0 : reversed->trace));
  print(*last);
  register_.tell(Apdu(Command::completion));
}

void TerminalSession::close_day() {
  register_.accept();
  register_.tell(block_message(zvt::ReceiptKind::administration, day_lines(journal_)));
  register_.tell(Apdu(Command::completion));
}

void TerminalSession::abort(std::uint8_t code) {
  register_.tell(Apdu(Command::abort_by_terminal, {code}));
}

void TerminalSession::step(std::uint8_t code, std::string_view text) {
  register_.tell(step_message(code, text));
}

}  // namespace mailroom::payment
