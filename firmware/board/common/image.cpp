#include "firmware/board/common/image.h"

#include "firmware/protocol/crc.h"

extern "C" const std::uint8_t flash_begin[];  // of the linker script

namespace mailroom::panel::board {

// volatile: the compiler must not take the values for those written here.
[[gnu::section(".image_header"), gnu::used]] extern const ImageHeader image_header = {
    0x4C50524D, kFirmwareVersion, 1, 0, 0};

std::uint32_t image_crc() {
  const auto* header = reinterpret_cast<const std::uint8_t*>(&image_header);
  const auto size = reinterpret_cast<const volatile ImageHeader*>(header)->size;
  const std::uint8_t* crc_at = header + 12;
  constexpr std::uint8_t kZero[4] = {};
  const auto before = std::size_t(crc_at - flash_begin);
  if (size < before + 4) return 0;  // an image that was never finished
  std::uint32_t crc = crc32({flash_begin, before});
  crc = crc32(kZero, crc);
  return crc32({crc_at + 4, size - before - 4}, crc);
}

}  // namespace mailroom::panel::board
