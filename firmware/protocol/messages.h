#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "firmware/protocol/frame.h"
#include "firmware/protocol/text.h"
#include "firmware/version.h"

/// What panel and daemon say to each other (docs/formats/panel-protocol.md). Values are persistent: they
/// are added, never renumbered. A read gives nullopt for a payload that is too short or holds a value
/// without a meaning; bytes behind the known ones are of a later minor version and are passed over.
namespace mailroom::panel {

inline constexpr std::uint8_t kProtocolMajor = 1;
inline constexpr std::uint8_t kProtocolMinor = 0;

// Both ends live by these (milliseconds).
inline constexpr std::uint32_t kAliveEvery = 500;
inline constexpr std::uint32_t kRetryAfter = 200;
inline constexpr std::uint32_t kLostAfter = 2500;  ///< without proof of both directions the line is lost

enum class Type : std::uint8_t {
  hello = 1,    ///< panel: who I am; asks for a welcome
  welcome = 2,  ///< daemon: the versions fit
  refuse = 3,   ///< daemon: they do not
  state = 4,    ///< daemon: everything that is lit and shown; acknowledged
  press = 5,    ///< panel: a key; acknowledged once it is recorded
  taken = 6,    ///< both: the acknowledgement
  alive = 7,    ///< both: every kAliveEvery
  ask = 8       ///< daemon: say hello
};

enum class Key : std::uint8_t { up, down, left, right, select };
inline constexpr std::size_t kKeys = 5;

enum class Lamp : std::uint8_t { ready, working, attention, fault, no_connection };
inline constexpr std::size_t kLamps = 5;
enum class Light : std::uint8_t { off, on, slow, fast };  ///< slow: blinks once a second; fast: four times

/// What a key means at the moment; the daemon says so, the panel says it back.
enum class Action : std::uint8_t {
  none = 0,
  start = 1,
  pause = 2,
  resume = 3,
  stop = 4,
  new_document = 5,
  urgent = 6,
  class_before = 7,
  class_after = 8,
  acknowledge = 9
};
inline constexpr std::uint8_t kLastAction = 9;

/// A key's meanings. With one for holding it, the other acts on release, else at once.
struct KeyActions {
  Action pressed = Action::none;
  Action held = Action::none;  ///< after kHoldFor
  bool operator==(const KeyActions&) const = default;
};
inline constexpr std::uint32_t kHoldFor = 800;

struct Hello {
  std::uint8_t major = kProtocolMajor;
  std::uint8_t minor = kProtocolMinor;
  std::uint32_t boot = 0;     ///< differs from one start of the panel to the next
  std::uint32_t memory = 0;   ///< names the numbering of presses; 0: the panel lost it and wants a new one
  std::uint16_t waiting = 0;  ///< presses not acknowledged yet
  FirmwareVersion version;
  std::uint32_t image_crc = 0;
  bool image_sound = true;  ///< the image in flash has this CRC
  std::uint8_t keys = 0;    ///< bit n: key n is down
  Text<16> board;
};

struct Welcome {
  std::uint8_t major = kProtocolMajor;
  std::uint8_t minor = kProtocolMinor;
  std::uint32_t boot = 0;    ///< as in the hello that it answers
  std::uint32_t memory = 0;  ///< as in the hello, or a new one
};

struct Refuse {
  std::uint8_t major = kProtocolMajor;
  std::uint8_t minor = kProtocolMinor;
};

/// All that a panel shows. The whole of it each time: losing one message is mended by the next.
struct PanelState {
  std::uint32_t context = 0;  ///< names what the keys act on; comes back with each press
  std::array<Light, kLamps> lamps{};
  std::array<KeyActions, kKeys> keys{};
  std::uint16_t sheets = 0;
  std::uint16_t documents = 0;
  std::uint16_t clarifications = 0;
  bool urgent = false;  ///< the next document is urgent
  bool alarm = false;   ///< the message is a fault
  Text<32> station;
  Text<12> headline;  ///< one word, large
  Text<32> choice;    ///< class of the next document; empty: none can be chosen
  Text<128> message;  ///< scrolls when it is long
  bool operator==(const PanelState&) const = default;
};

struct Press {
  std::uint32_t memory = 0;
  std::uint32_t number = 0;  ///< ascends by one within a memory, from 1
  Key key = Key::up;
  Action action = Action::none;
  std::uint32_t context = 0;
  std::uint32_t age = 0;  ///< milliseconds between the press and this sending
  bool operator==(const Press&) const = default;
};

struct Taken {
  Type type = Type::state;
  std::uint32_t number = 0;  ///< of the press; of the frame that brought the state
  std::uint32_t memory = 0;  ///< of the press
};

/// A sign of life. `silence` makes a line that is cut in one direction known to both ends.
struct Alive {
  std::uint16_t silence = 0;     ///< milliseconds since the sender heard the other end
  std::uint16_t damaged = 0;     ///< frames that the sender found damaged since its start
  std::uint8_t keys = 0;         ///< of a panel: bit n: key n is down
  std::uint16_t stack_free = 0;  ///< of a panel: bytes of the stack never used
};

/// A payload as bytes.
class Payload {
 public:
  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return {bytes_.data(), size_}; }

  void u8(std::uint8_t value);
  void u16(std::uint16_t value);
  void u32(std::uint32_t value);
  void text(std::string_view value);  ///< a length byte and UTF-8

 private:
  std::array<std::uint8_t, kPayloadLimit> bytes_{};
  std::size_t size_ = 0;
};

Payload write(const Hello& message);
Payload write(const Welcome& message);
Payload write(const Refuse& message);
Payload write(const PanelState& message);
Payload write(const Press& message);
Payload write(const Taken& message);
Payload write(const Alive& message);

std::optional<Hello> read_hello(std::span<const std::uint8_t> payload);
std::optional<Welcome> read_welcome(std::span<const std::uint8_t> payload);
std::optional<Refuse> read_refuse(std::span<const std::uint8_t> payload);
std::optional<PanelState> read_state(std::span<const std::uint8_t> payload);
std::optional<Press> read_press(std::span<const std::uint8_t> payload);
std::optional<Taken> read_taken(std::span<const std::uint8_t> payload);
std::optional<Alive> read_alive(std::span<const std::uint8_t> payload);

}  // namespace mailroom::panel
