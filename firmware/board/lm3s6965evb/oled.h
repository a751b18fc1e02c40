#pragma once

#include "firmware/panel/canvas.h"

/// The 128x64 OLED of the board: an SSD0323 on SSI0, 4 bits a pixel.
namespace mailroom::panel::board::oled {

void start();
void show(const Canvas& canvas);  ///< sends the rows that have changed

}  // namespace mailroom::panel::board::oled
