#include "firmware/panel/panel.h"

namespace mailroom::panel {
namespace {

constexpr std::uint32_t kHelloEvery = 500;
constexpr std::uint32_t kNoteFor = 1500;

std::uint8_t bit_of(Lamp lamp) {
  return std::uint8_t(1U << std::uint8_t(lamp));
}

bool is_lit(Light light, std::uint32_t now) {
  switch (light) {
    case Light::off: return false;
    case Light::on: return true;
    case Light::slow: return now % 1000 < 500;
    case Light::fast: return now % 250 < 125;
  }
  return false;
}

}  // namespace

void Panel::start(std::uint32_t now, std::uint8_t keys_down) {
  store_.wake();
  keys_.start(keys_down, now);
  heard_at_ = now - kLostAfter;
  send_hello(now);
}

void Panel::receive(std::uint8_t byte, std::uint32_t now) {
  if (!reader_.push(byte)) return;
  line_heard_at_ = now;
  act_on(reader_.frame(), now);
}

void Panel::act_on(const Frame& frame, std::uint32_t now) {
  switch (static_cast<Type>(frame.type)) {
    case Type::ask:
      welcomed_ = false;
      send_hello(now);
      return;
    case Type::welcome:
      if (const auto message = read_welcome(frame.payload)) welcome(*message, now);
      return;
    case Type::refuse:
      heard_at_ = now;
      link_ = Link::refused;
      welcomed_ = has_state_ = false;
      return;
    case Type::state: {
      const auto state = welcomed_ ? read_state(frame.payload) : std::nullopt;
      if (!state) return;
      if (!(state->message == state_.message)) message_at_ = now;
      state_ = *state;
      has_state_ = true;
      link_ = Link::up;
      return send(Type::taken, 0, write(Taken{Type::state, frame.number, 0}));
    }
    case Type::taken: {
      const auto taken = read_taken(frame.payload);
      if (!welcomed_ || !taken || taken->type != Type::press) return;
      heard_at_ = now;
      store_.forget(taken->memory, taken->number);
      press_sent_ = false;
      return;
    }
    case Type::alive:
      if (const auto alive = read_alive(frame.payload)) prove(now - alive->silence);
      return;
    default: return;  // of a later minor version
  }
}

/// The daemon heard us at `then`, and we hear it now: both directions work.
void Panel::prove(std::uint32_t then) {
  if (welcomed_ && std::int32_t(then - heard_at_) > 0) heard_at_ = then;
}

void Panel::welcome(const Welcome& message, std::uint32_t now) {
  if (message.major != kProtocolMajor || message.boot != store_.boots()) return;
  heard_at_ = now;
  welcomed_ = true;
  press_sent_ = false;
  if (store_.memory() == 0) store_.adopt(message.memory);
}

void Panel::send(Type type, std::uint8_t number, const Payload& payload) {
  const WireFrame wire(std::uint8_t(type), number, payload.bytes());
  const auto bytes = wire.bytes();
  if (out_.size() - out_size_ < bytes.size()) return;  // the line is slow: everything is said again later
  for (const std::uint8_t byte : bytes) {
    out_[(out_from_ + out_size_) % out_.size()] = byte;
    ++out_size_;
  }
}

bool Panel::next_byte(std::uint8_t& byte) {
  if (out_size_ == 0) return false;
  byte = out_[out_from_];
  out_from_ = (out_from_ + 1) % out_.size();
  --out_size_;
  return true;
}

void Panel::send_hello(std::uint32_t now) {
  said_at_ = now;
  Hello hello;
  hello.boot = store_.boots();
  hello.memory = store_.memory();
  hello.waiting = store_.waiting();
  hello.version = kFirmwareVersion;
  hello.image_crc = identity_.image_crc;
  hello.image_sound = identity_.image_sound;
  hello.keys = keys_.down();
  hello.board.assign(identity_.board);
  send(Type::hello, 0, write(hello));
}

void Panel::send_press(std::uint32_t now) {
  press_sent_ = true;
  press_sent_at_ = now;
  send(Type::press, 0, write(store_.oldest(now)));
}

/// Only what the panel could show to be possible is taken: without a line it is safe, not busy.
void Panel::take(const KeyStroke& stroke, std::uint32_t now) {
  note_ = Note::none;
  if (link_ == Link::up && stroke.action != Action::none &&
      store_.add(stroke.key, stroke.action, state_.context, now))
    return;
  note_ = link_ == Link::up && stroke.action == Action::none ? Note::no_meaning : Note::not_taken;
  noted_at_ = now;
}

void Panel::keys_at(std::uint32_t at, std::uint8_t keys_down) {
  const auto meanings = link_ == Link::up ? state_.keys : std::array<KeyActions, kKeys>{};
  if (const auto stroke = keys_.read(keys_down, at, meanings)) take(*stroke, at);
}

void Panel::tick(std::uint32_t now, std::uint8_t keys_down, std::uint16_t stack_free) {
  stack_free_ = stack_free;
  if (now - heard_at_ >= kLostAfter) {
    heard_at_ = now - kLostAfter;  // stays lost however long it lasts
    link_ = Link::down;
    welcomed_ = has_state_ = false;
  }
  if (note_ != Note::none && now - noted_at_ >= kNoteFor) note_ = Note::none;
  keys_at(now, keys_down);
  store_.keep_time(now);

  if (!welcomed_) {
    if (now - said_at_ >= kHelloEvery) send_hello(now);
    return;
  }
  if (now - said_at_ >= kAliveEvery) {
    said_at_ = now;
    const std::uint32_t silence = now - line_heard_at_;
    send(Type::alive, 0,
         write(Alive{std::uint16_t(silence < 0xFFFF ? silence : 0xFFFF), std::uint16_t(reader_.damaged()),
                     keys_.down(), stack_free_}));
  }
  const bool due = !press_sent_ || now - press_sent_at_ >= kRetryAfter;
  if (store_.waiting() > 0 && due) send_press(now);
}

std::uint8_t Panel::lamps(std::uint32_t now) const {
  if (link_ != Link::up) return is_lit(Light::slow, now) ? bit_of(Lamp::no_connection) : std::uint8_t(0);
  std::uint8_t lit = 0;
  for (std::size_t lamp = 0; lamp < kLamps; ++lamp) {
    if (is_lit(state_.lamps[lamp], now)) lit = std::uint8_t(lit | (1U << lamp));
  }
  return lit;
}

}  // namespace mailroom::panel
