#pragma once

#include <cstdint>
#include <span>

namespace mailroom::panel {

/// CRC-16/IBM-3740, also called CCITT-FALSE: polynomial 0x1021, start 0xFFFF, not reflected. Finds every
/// burst of up to 16 bits; a random change slips through once in 65,536.
constexpr std::uint16_t crc16(std::span<const std::uint8_t> bytes, std::uint16_t crc = 0xFFFF) {
  for (const std::uint8_t byte : bytes) {
    crc = std::uint16_t(crc ^ (byte << 8));
    for (int bit = 0; bit < 8; ++bit)
      crc = std::uint16_t((crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1);
  }
  return crc;
}

/// CRC-32/ISO-HDLC, as in zlib and PNG. `crc` continues an earlier call.
constexpr std::uint32_t crc32(std::span<const std::uint8_t> bytes, std::uint32_t crc = 0) {
  crc = ~crc;
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320U : crc >> 1;
  }
  return ~crc;
}

namespace check {
inline constexpr std::uint8_t kDigits[] = {'1', '2', '3', '4', '5', '6', '7', '8', '9'};
static_assert(crc16(kDigits) == 0x29B1);  // the check values of the catalogue of parametrised CRC algorithms
static_assert(crc32(kDigits) == 0xCBF43926U);
}  // namespace check

}  // namespace mailroom::panel
