#pragma once

#include "firmware/panel/canvas.h"

/// A 128x64 OLED with an SSD1306 on SPI1, 1 bit a pixel.
namespace mailroom::panel::board::oled {

void start();
void show(const Canvas& canvas);  ///< sends the pages that have changed

}  // namespace mailroom::panel::board::oled
