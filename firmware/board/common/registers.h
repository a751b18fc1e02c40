#pragma once

#include <cstdint>

namespace mailroom::panel::board {

/// A register of the chip by its address.
inline volatile std::uint32_t& reg(std::uint32_t address) {
  return *reinterpret_cast<volatile std::uint32_t*>(address);
}

inline void set_bits(std::uint32_t address, std::uint32_t bits) {
  reg(address) = reg(address) | bits;
}
inline void clear_bits(std::uint32_t address, std::uint32_t bits) {
  reg(address) = reg(address) & ~bits;
}

}  // namespace mailroom::panel::board
