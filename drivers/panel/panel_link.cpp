#include "drivers/panel/panel_link.h"

#include <algorithm>
#include <utility>

namespace mailroom::drivers {

using panel::Type;

void PanelLink::open(std::uint32_t now) {
  reader_ = {};
  out_.clear();
  heard_at_ = proven_at_ = now;
  said_at_ = now;
  send(Type::ask, 0, {});
}

void PanelLink::close() {
  lose();
  out_.clear();
}

void PanelLink::lose() {
  hello_.reset();
  refused_boot_.reset();
  state_shown_ = state_sent_ = false;
  in_work_ = {};
  if (std::exchange(up_, false) && events_.lost) events_.lost();
}

void PanelLink::receive(std::span<const std::uint8_t> bytes, std::uint32_t now) {
  for (const std::uint8_t byte : bytes) {
    if (!reader_.push(byte)) continue;
    heard_at_ = now;
    act_on(reader_.frame(), now);
  }
}

void PanelLink::act_on(const panel::Frame& frame, std::uint32_t now) {
  switch (static_cast<Type>(frame.type)) {
    case Type::hello:
      if (const auto hello = panel::read_hello(frame.payload)) {
        if (!hello_) proven_at_ = now;  // from here on it has kLostAfter to show that it hears us
        greet(*hello);
      }
      return;
    case Type::press:
      if (const auto press = panel::read_press(frame.payload); press && hello_) take(*press);
      return;
    case Type::taken:
      if (const auto taken = panel::read_taken(frame.payload); taken && hello_) confirm(*taken, now);
      return;
    case Type::alive:
      if (const auto alive = panel::read_alive(frame.payload); alive && up_) prove(now - alive->silence);
      return;
    default: return;  // of a later minor version
  }
}

void PanelLink::greet(const panel::Hello& hello) {
  if (hello.major != panel::kProtocolMajor) {
    send(Type::refuse, 0, panel::write(panel::Refuse{}));
    if (refused_boot_ == hello.boot) return;
    lose();
    refused_boot_ = hello.boot;
    if (events_.refused) events_.refused(hello);
    return;
  }
  const bool another_start =
      hello_ && (hello_->boot != hello.boot || hello_->board.view() != hello.board.view());
  if (another_start) up_ = false;
  const bool offered = hello_ && !another_start && !memory_adopted_;
  const std::uint32_t memory = hello.memory != 0 ? hello.memory : offered ? hello_->memory : new_memory_();
  memory_adopted_ = hello.memory != 0;
  hello_ = hello;
  hello_->memory = memory;
  in_work_ = {};  // asked for again: who recorded it knows it
  state_shown_ = state_sent_ = false;
  send(Type::welcome, 0,
       panel::write(panel::Welcome{panel::kProtocolMajor, panel::kProtocolMinor, hello.boot, memory}));
}

void PanelLink::take(const panel::Press& press) {
  const PressId id{press.memory, press.number};
  memory_adopted_ = true;
  if (id == in_work_) return;
  if (id == done_) return send(Type::taken, 0, panel::write(panel::Taken{Type::press, id.number, id.memory}));
  in_work_ = id;
  if (events_.pressed) events_.pressed(press);
}

void PanelLink::recorded(std::uint32_t memory, std::uint32_t number) {
  done_ = {memory, number};
  if (in_work_ == done_) in_work_ = {};
  if (hello_) send(Type::taken, 0, panel::write(panel::Taken{Type::press, number, memory}));
}

void PanelLink::confirm(const panel::Taken& taken, std::uint32_t now) {
  if (taken.type != Type::state || !state_sent_ || taken.number != state_number_) return;
  state_shown_ = memory_adopted_ = true;
  proven_at_ = now;
  if (!std::exchange(up_, true) && events_.connected) events_.connected(*hello_);
}

void PanelLink::prove(std::uint32_t then) {
  if (std::int32_t(then - proven_at_) > 0) proven_at_ = then;
}

void PanelLink::show(const panel::PanelState& state) {
  if (state == state_) return;
  state_ = state;
  state_shown_ = state_sent_ = false;
  ++state_number_;
}

void PanelLink::send(Type type, std::uint8_t number, const panel::Payload& payload) {
  const panel::WireFrame wire(std::uint8_t(type), number, payload.bytes());
  out_.insert(out_.end(), wire.bytes().begin(), wire.bytes().end());
}

void PanelLink::send_state(std::uint32_t now) {
  state_sent_ = true;
  state_sent_at_ = now;
  send(Type::state, state_number_, panel::write(state_));
}

void PanelLink::tick(std::uint32_t now) {
  if (hello_ && now - proven_at_ >= panel::kLostAfter) lose();
  if (now - said_at_ >= panel::kAliveEvery) {
    said_at_ = now;
    const std::uint32_t silence = std::min<std::uint32_t>(now - heard_at_, 0xFFFF);
    if (hello_)
      send(Type::alive, 0,
           panel::write(panel::Alive{std::uint16_t(silence), std::uint16_t(reader_.damaged())}));
    else
      send(Type::ask, 0, {});
  }
  const bool due = !state_sent_ || now - state_sent_at_ >= panel::kRetryAfter;
  if (hello_ && !state_shown_ && due) send_state(now);
}

std::vector<std::uint8_t> PanelLink::take_output() {
  return std::exchange(out_, {});
}

}  // namespace mailroom::drivers
