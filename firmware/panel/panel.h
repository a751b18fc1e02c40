#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "firmware/panel/canvas.h"
#include "firmware/panel/keys.h"
#include "firmware/panel/press_store.h"
#include "firmware/protocol/frame.h"
#include "firmware/protocol/messages.h"

namespace mailroom::panel {

/// What a panel is, for its hello.
struct Identity {
  std::string_view board;
  std::uint32_t image_crc = 0;
  bool image_sound = true;
};

/// The panel without its board: bytes, key levels and milliseconds go in; bytes, lamps and pixels come
/// out. Knows no register; runs on the chip and in the emulator alike. Thread-bound.
///
/// A press is taken, and then acts exactly once, when the display showed a connection as the key went
/// down; else the panel says that it was not taken.
class Panel {
 public:
  Panel(const Identity& identity, PressStore& store) : identity_(identity), store_(store) {}

  void start(std::uint32_t now, std::uint8_t keys_down);
  void receive(std::uint8_t byte, std::uint32_t now);

  /// The levels of the keys at a moment that has passed, oldest first; for boards that sample them in an
  /// interrupt.
  void keys_at(std::uint32_t at, std::uint8_t keys_down);

  /// Call at least every 5 ms. `stack_free` is only reported.
  void tick(std::uint32_t now, std::uint8_t keys_down, std::uint16_t stack_free = 0);

  /// Takes the next byte for the line; false when there is none.
  bool next_byte(std::uint8_t& byte);

  [[nodiscard]] std::uint8_t lamps(std::uint32_t now) const;  ///< bit n: lamp n is lit at this moment
  void draw(Canvas& canvas, std::uint32_t now) const;

  [[nodiscard]] bool connected() const { return link_ == Link::up; }
  [[nodiscard]] const PanelState& state() const { return state_; }  ///< what the daemon had it show last

 private:
  enum class Link : std::uint8_t { down, up, refused };
  enum class Note : std::uint8_t { none, no_meaning, not_taken };

  void act_on(const Frame& frame, std::uint32_t now);
  void prove(std::uint32_t then);
  void welcome(const Welcome& message, std::uint32_t now);
  void send(Type type, std::uint8_t number, const Payload& payload);
  void send_hello(std::uint32_t now);
  void send_press(std::uint32_t now);
  void take(const KeyStroke& stroke, std::uint32_t now);
  void draw_state(Canvas& canvas, std::uint32_t now) const;
  void draw_counters(Canvas& canvas) const;

  Identity identity_;
  PressStore& store_;
  Keys keys_;
  FrameReader reader_;
  PanelState state_;
  std::array<std::uint8_t, 2 * kWireLimit> out_{};
  std::size_t out_from_ = 0;
  std::size_t out_size_ = 0;
  Link link_ = Link::down;
  bool welcomed_ = false;  // the daemon knows this start of ours
  bool has_state_ = false;
  Note note_ = Note::none;
  std::uint16_t stack_free_ = 0;
  std::uint32_t heard_at_ = 0;       // last proof that both directions work
  std::uint32_t line_heard_at_ = 0;  // last sound frame
  std::uint32_t said_at_ = 0;        // hello or alive
  std::uint32_t press_sent_at_ = 0;
  bool press_sent_ = false;
  std::uint32_t noted_at_ = 0;
  std::uint32_t message_at_ = 0;  // since when the message scrolls
};

}  // namespace mailroom::panel
