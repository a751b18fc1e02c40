#pragma once

#include <array>
#include <cstdint>

namespace mailroom::panel::board {

/// Bytes from an interrupt handler to main(): one writer, one reader, one core. What finds no room is
/// dropped; the frames' CRC notices. 115200 bit/s fill it in 22 ms.
class ByteQueue {
 public:
  void push(std::uint8_t byte) {
    const std::uint8_t next = std::uint8_t(in_ + 1);
    if (next == out_) return;
    bytes_[in_] = byte;
    in_ = next;
  }
  bool pop(std::uint8_t& byte) {
    if (out_ == in_) return false;
    byte = bytes_[out_];
    out_ = std::uint8_t(out_ + 1);
    return true;
  }

 private:
  std::array<volatile std::uint8_t, 256> bytes_{};
  volatile std::uint8_t in_ = 0;
  volatile std::uint8_t out_ = 0;
};

}  // namespace mailroom::panel::board
