#pragma once

#include <cstdint>
#include <string_view>

#include "firmware/panel/canvas.h"

/// What a board offers the panel: one folder each. A new board is its folder and a line in
/// firmware/board/CMakeLists.txt. Interrupt handlers only fill queues or count; all else runs in main().
namespace mailroom::panel::board {

extern const std::string_view kName;  ///< at most 16 bytes; docs/panel.md has its wiring

void start();                        ///< clocks, pins, serial line, display, a millisecond tick, the watchdog
std::uint32_t now();                 ///< milliseconds since start
std::uint8_t keys_down();            ///< bit n: key n is down, as the contacts are at this moment
void show_lamps(std::uint8_t lit);   ///< bit n: lamp n
bool read_byte(std::uint8_t& byte);  ///< false when none has arrived
bool write_byte(std::uint8_t byte);  ///< false when the line takes none now
void show(const Canvas& canvas);     ///< sends what has changed since the last call
void feed_watchdog();                ///< else it resets the chip after a second or two
void sleep();                        ///< until the next interrupt, a millisecond at most

}  // namespace mailroom::panel::board
