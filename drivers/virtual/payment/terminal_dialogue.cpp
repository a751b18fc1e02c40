#include "drivers/virtual/payment/terminal_dialogue.h"

#include <thread>

namespace mailroom::payment {

using std::chrono::milliseconds;
using zvt::Apdu;
using zvt::Command;

std::optional<Apdu> TerminalDialogue::next_command() {
  constexpr milliseconds kForever{std::chrono::hours{24}};
  abort_wished_ = false;
  if (gone_) return std::nullopt;
  auto command = line_.receive_or_stop(kForever, stop_);
  return command ? *std::move(command) : std::nullopt;
}

void TerminalDialogue::send(const Apdu& message) {
  if (!gone_ && !line_.send(message)) drop();
}

void TerminalDialogue::accept() {
  send(Apdu(Command::acknowledged));
}

void TerminalDialogue::refuse(std::uint8_t code) {
  Apdu refusal;
  refusal.command = std::uint16_t(0x8400U | code);
  send(refusal);
}

bool TerminalDialogue::tell(const Apdu& message) {
  send(message);
  while (!gone_) {
    const auto answer = line_.receive(answer_);
    if (!answer) {
      drop();
      break;
    }
    if (answer->is_acknowledgement()) return true;
    if (answer->is_refusal()) return false;
    hear(*answer);
  }
  return false;
}

bool TerminalDialogue::wait_for(milliseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (!abort_wished_) {
    const auto left = std::chrono::ceil<milliseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0) break;
    if (gone_) {
      std::this_thread::sleep_for(left);
      break;
    }
    const auto heard = line_.receive_or_stop(left, stop_);
    if (heard && *heard) {
      hear(**heard);
    } else if (heard || heard.error().code != Errc::timed_out) {
      drop();
    }
  }
  return !abort_wished_;
}

/// The register speaks while the terminal has the word: only the wish to abort is for that.
void TerminalDialogue::hear(const Apdu& message) {
  if (!message.is(Command::abort_by_us)) return;
  abort_wished_ = true;
  accept();
}

}  // namespace mailroom::payment
