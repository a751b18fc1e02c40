#include "tests/firmware/line_bench.h"

#include <cstring>

namespace mailroom::test {

using namespace panel;

void Wire::send(std::span<const std::uint8_t> bytes, std::uint32_t now, std::mt19937& random) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (cut) continue;
    std::uint8_t byte = bytes[i];
    if (noise > 0 && int(random() % 1000) < noise) byte = std::uint8_t(byte ^ (1U << (random() % 8)));
    under_way_.emplace_back(now + 1 + std::uint32_t(i / 11), byte);
  }
}

std::vector<std::uint8_t> Wire::arrived(std::uint32_t now) {
  std::vector<std::uint8_t> bytes;
  if (cut) under_way_.clear();
  while (!under_way_.empty() && std::int32_t(now - under_way_.front().first) >= 0) {
    bytes.push_back(under_way_.front().second);
    under_way_.pop_front();
  }
  return bytes;
}

LineBench::LineBench(unsigned seed) : random_(seed), state_(busy_state()) {
  lose_power();
  start_daemon();
}

void LineBench::lose_power() {
  std::memset(static_cast<void*>(&store_), int(random_() & 0xFF), sizeof store_);
  reset_panel();
}

void LineBench::reset_panel() {
  panel_started_ = now_;
  panel_ = std::make_unique<Panel>(Identity{"bench", 0x1234, true}, store_);
  panel_->start(0, keys_);
}

void LineBench::kill_daemon() {
  link_.reset();
  to_record_.clear();
}

void LineBench::start_daemon() {
  drivers::PanelEvents events;
  events.connected = [this](const Hello& hello) {
    ++connections;
    last_hello = hello;
  };
  events.lost = [this] { ++losses; };
  events.refused = [this](const Hello&) { ++refusals; };
  events.pressed = [this](const Press& press) { to_record_.emplace_back(now_ + recording_takes, press); };
  link_ = std::make_unique<drivers::PanelLink>(events, [this] { return std::uint32_t(random_() | 1U); });
  link_->open(daemon_now());
  link_->show(state_);
}

void LineBench::show(const PanelState& state) {
  state_ = state;
  if (link_) link_->show(state);
}

void LineBench::press(Key key, std::uint32_t for_ms) {
  const auto bit = std::uint8_t(1U << std::uint8_t(key));
  keys_ |= bit;
  let_go_.emplace_back(now_ + for_ms, bit);
}

void LineBench::press_in_the_past(Key key, std::uint32_t for_ms) {
  const auto bit = std::uint8_t(1U << std::uint8_t(key));
  const std::uint32_t from = panel_now() - for_ms;
  panel_->keys_at(from, keys_);
  panel_->keys_at(from, keys_ | bit);
  panel_->keys_at(panel_now(), keys_ | bit);
  panel_->keys_at(panel_now(), keys_);
}

/// As in the daemon: acting and recording is one step; the acknowledgement comes after it.
void LineBench::record_due() {
  while (!to_record_.empty() && std::int32_t(now_ - to_record_.front().first) >= 0) {
    const Press press = to_record_.front().second;
    to_record_.pop_front();
    if (recorded_.insert({press.memory, press.number}).second) acted.push_back(press);
    if (dies_after_recording > 0 && int(random_() % 100) < dies_after_recording) return kill_daemon();
    link_->recorded(press.memory, press.number);
  }
}

void LineBench::step() {
  ++now_;
  std::erase_if(let_go_, [this](const auto& key) {
    const bool due = std::int32_t(now_ - key.first) >= 0;
    if (due) keys_ &= std::uint8_t(~key.second);
    return due;
  });
  for (const std::uint8_t byte : to_panel.arrived(now_)) panel_->receive(byte, panel_now());
  panel_->tick(panel_now(), keys_);
  std::vector<std::uint8_t> bytes;
  for (std::uint8_t byte = 0; panel_->next_byte(byte);) bytes.push_back(byte);
  to_daemon.send(bytes, now_, random_);
  const auto heard = to_daemon.arrived(now_);
  if (!link_) return;
  link_->receive(heard, daemon_now());
  if (now_ % 20 == 0) link_->tick(daemon_now());
  record_due();
  if (link_) to_panel.send(link_->take_output(), now_, random_);
}

void LineBench::run(std::uint32_t milliseconds) {
  for (std::uint32_t i = 0; i < milliseconds; ++i) step();
}

Canvas LineBench::picture() const {
  Canvas canvas;
  panel_->draw(canvas, panel_now());
  return canvas;
}

PanelState busy_state() {
  PanelState state;
  state.context = 7;
  state.lamps[std::size_t(Lamp::working)] = Light::on;
  state.keys = {{{Action::class_before, Action::none},
                 {Action::class_after, Action::none},
                 {Action::urgent, Action::stop},
                 {Action::new_document, Action::none},
                 {Action::pause, Action::none}}};
  state.station.assign("Arbeitsplatz 1");
  state.headline.assign("Läuft");
  return state;
}

}  // namespace mailroom::test
