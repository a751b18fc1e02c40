#include "firmware/board/host/emulator.h"

#include <poll.h>
#include <signal.h>

#include <chrono>
#include <cstring>
#include <sstream>
#include <string_view>

#include "firmware/board/host/picture.h"

namespace mailroom::panel {
namespace {

constexpr int kTick = 2;  // milliseconds
constexpr std::uint32_t kPressFor = 80;
constexpr std::array<std::string_view, kKeys> kNames = {"up", "down", "left", "right", "select"};

volatile sig_atomic_t ended = 0;

void end(int) {
  ended = 1;
}

std::uint64_t machine_ms() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::uint64_t(std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
}

std::size_t key_named(const std::string& name) {
  std::size_t key = 0;
  while (key < kKeys && kNames[key] != name) ++key;
  return key;
}

}  // namespace

Emulator::Emulator(const std::string& line, const std::string& control) : line_(line), control_(control) {
  std::memset(static_cast<void*>(&store_), 0, sizeof store_);
  start_panel();
}

void Emulator::start_panel() {
  started_at_ = machine_ms();
  pressed_ = 0;
  panel_ = std::make_unique<Panel>(Identity{"host", 0, true}, store_);
  panel_->start(0, held_);
}

std::uint32_t Emulator::now() const {
  return std::uint32_t(machine_ms() - started_at_);
}

void Emulator::step() {
  for (const std::uint8_t byte : line_.read()) panel_->receive(byte, now());
  for (std::size_t key = 0; key < kKeys; ++key) {
    if ((pressed_ & (1U << key)) != 0 && std::int32_t(now() - let_go_at_[key]) >= 0)
      pressed_ &= std::uint8_t(~(1U << key));
  }
  panel_->tick(now(), held_ | pressed_);
  std::vector<std::uint8_t> bytes;
  for (std::uint8_t byte = 0; panel_->next_byte(byte);) bytes.push_back(byte);
  if (!bytes.empty()) line_.write(bytes);
}

std::string Emulator::press(const std::string& key, std::uint32_t milliseconds) {
  const std::size_t index = key_named(key);
  if (index == kKeys) return "there is no such key; there are: up down left right select\n";
  pressed_ |= std::uint8_t(1U << index);
  let_go_at_[index] = now() + milliseconds;
  return "";
}

std::string Emulator::status() const {
  return std::string(panel_->connected() ? "connected" : "lost") + " lamps " +
         std::to_string(panel_->lamps(now())) + " taken " + std::to_string(store_.next_number() - 1) +
         " waiting " + std::to_string(store_.waiting()) + "\n";
}

std::string Emulator::words_shown() const {
  if (!panel_->connected()) return "";
  const PanelState& state = panel_->state();
  std::string lines;
  for (const auto text :
       {state.station.view(), state.headline.view(), state.message.view(), state.choice.view()})
    lines += std::string(text) + "\n";
  return lines;
}

std::string Emulator::answer(const std::string& request) {
  std::istringstream words(request);
  std::string verb, key;
  std::uint32_t milliseconds = kPressFor;
  words >> verb >> key >> milliseconds;
  if (verb == "press") return press(key, milliseconds);
  if (verb == "status") return status();
  if (verb == "reset") {
    start_panel();
    return "";
  }
  if (verb == "power") {
    std::memset(static_cast<void*>(&store_), 0, sizeof store_);
    start_panel();
    return "";
  }
  if (verb == "words") return words_shown();
  Canvas canvas;
  panel_->draw(canvas, now());
  if (verb == "screen") return as_text(canvas, panel_->lamps(now()));
  if (verb == "svg") return as_svg(canvas, panel_->lamps(now()));
  return "press KEY [MILLISECONDS], screen, svg, words, status, reset, power\n";
}

void Emulator::run() {
  struct sigaction action {};
  action.sa_handler = end;
  ::sigaction(SIGTERM, &action, nullptr);
  ::sigaction(SIGINT, &action, nullptr);
  while (ended == 0) {
    pollfd waits[2] = {{line_.fd(), POLLIN, 0}, {control_.fd(), POLLIN, 0}};
    ::poll(waits, 2, kTick);
    step();
    control_.serve([this](const std::string& request) { return answer(request); });
  }
}

}  // namespace mailroom::panel
