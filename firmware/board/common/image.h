#pragma once

#include <cstdint>

#include "firmware/version.h"

namespace mailroom::panel::board {

/// Behind the vectors of every image, at the same place (docs/panel.md, "Images"). finish_image.py fills in
/// size and CRC.
struct ImageHeader {
  std::uint32_t mark;  ///< "MRPL"
  FirmwareVersion version;
  std::uint8_t layout;  ///< of this header: 1
  std::uint32_t size;   ///< bytes from the start of flash
  std::uint32_t crc;    ///< CRC-32 of them, with this field as zero
};

extern const ImageHeader image_header;

/// The CRC-32 of what is in flash.
std::uint32_t image_crc();

}  // namespace mailroom::panel::board
