#include "firmware/protocol/messages.h"

namespace mailroom::panel {
namespace {

// The longest state must fit: fixed parts, then four texts with their lengths.
static_assert(4 + kLamps + 2 * kKeys + 6 + 1 + 4 + 32 + 12 + 32 + 128 <= kPayloadLimit);

class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  std::uint8_t u8() { return take(1) ? bytes_[at_ - 1] : 0; }
  std::uint16_t u16() {
    return take(2) ? std::uint16_t(bytes_[at_ - 2] | (bytes_[at_ - 1] << 8)) : std::uint16_t(0);
  }
  std::uint32_t u32() {
    const std::uint32_t low = u16();
    return low | (std::uint32_t(u16()) << 16);
  }
  template <std::size_t N>
  void text(Text<N>& into) {
    const std::size_t size = u8();
    if (!take(size)) return;
    into.assign({reinterpret_cast<const char*>(bytes_.data()) + (at_ - size), size});
  }
  /// A value of an enumeration that ends with `last`.
  template <typename Enum>
  Enum named(std::uint8_t last) {
    const std::uint8_t value = u8();
    if (value > last) sound_ = false;
    return static_cast<Enum>(value > last ? 0 : value);
  }
  [[nodiscard]] bool sound() const { return sound_; }

 private:
  bool take(std::size_t count) {
    if (bytes_.size() - at_ < count) {
      sound_ = false;
      return false;
    }
    at_ += count;
    return true;
  }
  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
  bool sound_ = true;
};

template <typename Message>
std::optional<Message> when_sound(const Reader& reader, const Message& message) {
  if (!reader.sound()) return std::nullopt;
  return message;
}

constexpr std::uint8_t kUrgent = 1, kAlarm = 2, kImageSound = 1;

}  // namespace

void Payload::u8(std::uint8_t value) {
  if (size_ < bytes_.size()) bytes_[size_++] = value;
}

void Payload::u16(std::uint16_t value) {
  u8(std::uint8_t(value & 0xFF));
  u8(std::uint8_t(value >> 8));
}

void Payload::u32(std::uint32_t value) {
  u16(std::uint16_t(value & 0xFFFF));
  u16(std::uint16_t(value >> 16));
}

void Payload::text(std::string_view value) {
  u8(std::uint8_t(value.size()));
  for (const char c : value) u8(std::uint8_t(c));
}

Payload write(const Hello& message) {
  Payload out;
  out.u8(message.major);
  out.u8(message.minor);
  out.u32(message.boot);
  out.u32(message.memory);
  out.u16(message.waiting);
  out.u8(message.version.major);
  out.u8(message.version.minor);
  out.u8(message.version.patch);
  out.u32(message.image_crc);
  out.u8(message.image_sound ? kImageSound : 0);
  out.u8(message.keys);
  out.text(message.board.view());
  return out;
}

std::optional<Hello> read_hello(std::span<const std::uint8_t> payload) {
  Reader in(payload);
  Hello hello;
  hello.major = in.u8();
  hello.minor = in.u8();
  if (in.sound() && hello.major != kProtocolMajor) return hello;  // the rest may mean anything
  hello.boot = in.u32();
  hello.memory = in.u32();
  hello.waiting = in.u16();
  hello.version.major = in.u8();
  hello.version.minor = in.u8();
  hello.version.patch = in.u8();
  hello.image_crc = in.u32();
  hello.image_sound = (in.u8() & kImageSound) != 0;
  hello.keys = in.u8();
  in.text(hello.board);
  return when_sound(in, hello);
}

Payload write(const Welcome& message) {
  Payload out;
  out.u8(message.major);
  out.u8(message.minor);
  out.u32(message.boot);
  out.u32(message.memory);
  return out;
}

std::optional<Welcome> read_welcome(std::span<const std::uint8_t> payload) {
  Reader in(payload);
  Welcome welcome;
  welcome.major = in.u8();
  welcome.minor = in.u8();
  welcome.boot = in.u32();
  welcome.memory = in.u32();
  return when_sound(in, welcome);
}

Payload write(const Refuse& message) {
  Payload out;
  out.u8(message.major);
  out.u8(message.minor);
  return out;
}

std::optional<Refuse> read_refuse(std::span<const std::uint8_t> payload) {
  Reader in(payload);
  Refuse refuse;
  refuse.major = in.u8();
  refuse.minor = in.u8();
  return when_sound(in, refuse);
}

Payload write(const PanelState& message) {
  Payload out;
  out.u32(message.context);
  for (const Light light : message.lamps) out.u8(std::uint8_t(light));
  for (const KeyActions& key : message.keys) {
    out.u8(std::uint8_t(key.pressed));
    out.u8(std::uint8_t(key.held));
  }
  out.u16(message.sheets);
  out.u16(message.documents);
  out.u16(message.clarifications);
  out.u8(std::uint8_t((message.urgent ? kUrgent : 0) | (message.alarm ? kAlarm : 0)));
  out.text(message.station.view());
  out.text(message.headline.view());
  out.text(message.choice.view());
  out.text(message.message.view());
  return out;
}

std::optional<PanelState> read_state(std::span<const std::uint8_t> payload) {
  Reader in(payload);
  PanelState state;
  state.context = in.u32();
  for (Light& light : state.lamps) light = in.named<Light>(std::uint8_t(Light::fast));
  for (KeyActions& key : state.keys) {
    // An action of a later minor version is none that this panel can offer.
    const std::uint8_t pressed = in.u8(), held = in.u8();
    key.pressed = pressed > kLastAction ? Action::none : static_cast<Action>(pressed);
    key.held = held > kLastAction ? Action::none : static_cast<Action>(held);
  }
  state.sheets = in.u16();
  state.documents = in.u16();
  state.clarifications = in.u16();
  const std::uint8_t flags = in.u8();
  state.urgent = (flags & kUrgent) != 0;
  state.alarm = (flags & kAlarm) != 0;
  in.text(state.station);
  in.text(state.headline);
  in.text(state.choice);
  in.text(state.message);
  return when_sound(in, state);
}

Payload write(const Press& message) {
  Payload out;
  out.u32(message.memory);
  out.u32(message.number);
  out.u8(std::uint8_t(message.key));
  out.u8(std::uint8_t(message.action));
  out.u32(message.context);
  out.u32(message.age);
  return out;
}

std::optional<Press> read_press(std::span<const std::uint8_t> payload) {
  Reader in(payload);
  Press press;
  press.memory = in.u32();
  press.number = in.u32();
  press.key = in.named<Key>(std::uint8_t(kKeys - 1));
  press.action = in.named<Action>(kLastAction);
  press.context = in.u32();
  press.age = in.u32();
  return when_sound(in, press);
}

Payload write(const Taken& message) {
  Payload out;
  out.u8(std::uint8_t(message.type));
  out.u32(message.number);
  out.u32(message.memory);
  return out;
}

std::optional<Taken> read_taken(std::span<const std::uint8_t> payload) {
  Reader in(payload);
  Taken taken;
  taken.type = in.named<Type>(std::uint8_t(Type::ask));
  taken.number = in.u32();
  taken.memory = in.u32();
  return when_sound(in, taken);
}

Payload write(const Alive& message) {
  Payload out;
  out.u16(message.silence);
  out.u16(message.damaged);
  out.u8(message.keys);
  out.u16(message.stack_free);
  return out;
}

std::optional<Alive> read_alive(std::span<const std::uint8_t> payload) {
  Reader in(payload);
  Alive alive;
  alive.silence = in.u16();
  alive.damaged = in.u16();
  alive.keys = in.u8();
  alive.stack_free = in.u16();
  return when_sound(in, alive);
}

}  // namespace mailroom::panel
