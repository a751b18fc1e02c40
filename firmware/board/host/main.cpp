#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "firmware/board/host/attach.h"
#include "firmware/board/host/emulator.h"

namespace {

constexpr const char* kUsage =
    "usage: mailroom-panel-emulator --line NAME --control SOCKET   be a panel on the serial line NAME\n"
    "       mailroom-panel-emulator --attach SOCKET                show it in this terminal\n"
    "       mailroom-panel-emulator --ask SOCKET WORD...           press KEY [MS], screen, svg, words, status, "
    "reset, power\n";

std::string joined(const std::vector<std::string>& words, std::size_t from) {
  std::string line;
  for (std::size_t i = from; i < words.size(); ++i) line += (line.empty() ? "" : " ") + words[i];
  return line;
}

int act(const std::vector<std::string>& words) {
  if (words.size() == 4 && words[0] == "--line" && words[2] == "--control") {
    mailroom::panel::Emulator(words[1], words[3]).run();
    return 0;
  }
  if (words.size() == 2 && words[0] == "--attach") {
    mailroom::panel::attach(words[1]);
    return 0;
  }
  if (words.size() > 2 && words[0] == "--ask") {
    std::fputs(mailroom::panel::ask(words[1], joined(words, 2)).c_str(), stdout);
    return 0;
  }
  std::fputs(kUsage, stderr);
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return act({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "mailroom-panel-emulator: %s\n", error.what());
    return 1;
  }
}
