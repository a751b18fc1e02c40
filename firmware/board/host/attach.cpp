#include "firmware/board/host/attach.h"

#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <map>

#include "firmware/board/host/control.h"

namespace mailroom::panel {
namespace {

constexpr int kLook = 100;  // milliseconds

/// Keys without echo and Enter, as long as it lives.
class RawTerminal {
 public:
  RawTerminal() {
    ::tcgetattr(STDIN_FILENO, &before_);
    termios raw = before_;
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO);
    ::tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    std::fputs("\x1b[?25l\x1b[2J", stdout);
  }
  ~RawTerminal() {
    ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
    std::fputs("\x1b[?25h\n", stdout);
  }
  RawTerminal(const RawTerminal&) = delete;
  RawTerminal& operator=(const RawTerminal&) = delete;

 private:
  termios before_{};
};

std::string typed() {
  pollfd wait{STDIN_FILENO, POLLIN, 0};
  char bytes[16];
  if (::poll(&wait, 1, kLook) <= 0) return {};
  const ssize_t got = ::read(STDIN_FILENO, bytes, sizeof bytes);
  return got > 0 ? std::string(bytes, std::size_t(got)) : std::string("q");
}

}  // namespace

void attach(const std::string& control) {
  static const std::map<std::string, std::string> keys = {
      {"\x1b[A", "press up"}, {"\x1b[B", "press down"}, {"\x1b[D", "press left"}, {"\x1b[C", "press right"},
      {"\n", "press select"}, {"\r", "press select"},   {"s", "press left 1000"}};
  const RawTerminal raw;
  for (;;) {
    std::fputs("\x1b[H", stdout);
    std::fputs(ask(control, "screen").c_str(), stdout);
    std::fputs("  Pfeile, Enter = die fünf Tasten · s = links halten · q = zurück\n", stdout);
    std::fflush(stdout);
    const std::string input = typed();
    if (input == "q") return;
    if (const auto key = keys.find(input); key != keys.end()) ask(control, key->second);
  }
}

}  // namespace mailroom::panel
