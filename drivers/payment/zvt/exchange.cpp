#include "drivers/payment/zvt/exchange.h"

#include <algorithm>

namespace mailroom::payment::zvt {
namespace {

constexpr std::size_t kMostMessages = 10'000;  // of one command; a journal at the end of a day is the longest

tl::unexpected<Error> nonsense(const std::string& what) {
  return fail(Errc::corrupt, what, {}, "ask the terminal's maintainer when it happens again");
}

/// Whose receipt it is when only the words tell: "* * K-U-N-D-E-N-B-E-L-E-G * *".
ReceiptKind kind_by_words(const std::vector<std::string>& lines) {
  for (std::string line : lines) {
    std::erase_if(line, [](char c) { return c == '-' || c == ' ' || c == '*'; });
    if (line.starts_with("HÄNDLER") || line.starts_with("Händler")) return ReceiptKind::merchant;
    if (line.starts_with("KUNDE") || line.starts_with("Kunde")) return ReceiptKind::customer;
  }
  return ReceiptKind::unknown;
}

}  // namespace

Result<Course> Exchange::carry_out(const Apdu& command) {
  MAILROOM_TRY_VOID(line_.send(command));
  MAILROOM_TRY_VOID(await_acknowledgement());
  const auto end = std::chrono::steady_clock::now() + settings_.whole;
  while (!ended_) {
    if (++messages_ > kMostMessages || std::chrono::steady_clock::now() > end)
      return nonsense("the card terminal talks without end");
    MAILROOM_TRY_VOID(follow());
  }
  close_receipt();
  return std::move(course_);
}

Result<void> Exchange::await_acknowledgement() {
  MAILROOM_TRY(const auto answer, line_.receive(settings_.answer));
  if (answer.is_acknowledgement()) return {};
  if (answer.is_refusal()) {
    course_.refused_with = std::uint8_t(answer.command & 0xFFU);
    ended_ = true;
    return {};
  }
  return nonsense("the card terminal answers with something that is no answer");
}

Result<void> Exchange::follow() {
  MAILROOM_TRY(const auto told,
               line_.receive_or_stop(settings_.progress, course_.asked_to_stop ? std::stop_token() : stop_));
  if (!told) return ask_to_stop();
  if (told->is_acknowledgement() || told->is_refusal()) {
    if (course_.asked_to_stop)
      return {};  // of our wish to stop; what becomes of it comes as abort or completion
    return nonsense("the card terminal answers what nobody asked");
  }
  MAILROOM_TRY_VOID(take(*told));
  return {};
}

Result<void> Exchange::ask_to_stop() {
  course_.asked_to_stop = true;
  return line_.send(Apdu(Command::abort_by_us));
}

/// A message is acknowledged after it was understood: a terminal takes a payment back whose result nobody
/// took.
Result<void> Exchange::take(const Apdu& told) {
  switch (Command(told.command)) {
    case Command::status_information: {
      MAILROOM_TRY(course_.status, read_status_information(told.data));
      break;
    }
    case Command::intermediate_status: MAILROOM_TRY_VOID(take_step(told)); break;
    case Command::print_line: MAILROOM_TRY_VOID(take_print_line(told)); break;
    case Command::print_text_block: MAILROOM_TRY_VOID(take_text_block(told)); break;
    case Command::completion:
      course_.completed = true;
      course_.completion = told.data;
      ended_ = true;
      break;
    case Command::abort_by_terminal:
      course_.aborted_with = told.data.empty() ? result_code::kSystemError : told.data[0];
      ended_ = true;
      break;
    default: return line_.send(Apdu(Command::not_possible));
  }
  const auto sent = line_.send(Apdu(Command::acknowledged));
  if (!sent && !ended_) return sent;  // after the end the line is not needed any more
  return {};
}

Result<void> Exchange::take_step(const Apdu& told) {
  MAILROOM_TRY(const auto status, read_intermediate_status(told.data));
  if (!on_step_) return {};
  const auto step = step_of(status.code);
  on_step_(step, status.text.empty() ? std::string(words_of(step)) : status.text);
  return {};
}

Result<void> Exchange::take_print_line(const Apdu& told) {
  MAILROOM_TRY(auto line, read_print_line(told.data));
  printing_.lines.push_back(std::move(line.text));
  if (line.last) close_receipt();
  return {};
}

Result<void> Exchange::take_text_block(const Apdu& told) {
  MAILROOM_TRY(auto block, read_text_block(told.data));
  if (block.kind == ReceiptKind::unknown) block.kind = kind_by_words(block.lines);
  course_.receipts.push_back(std::move(block));
  return {};
}

void Exchange::close_receipt() {
  if (printing_.lines.empty()) return;
  printing_.kind = kind_by_words(printing_.lines);
  course_.receipts.push_back(std::exchange(printing_, {}));
}

}  // namespace mailroom::payment::zvt
