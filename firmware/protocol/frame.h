#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

/// Frames on the line between a panel and the daemon (docs/formats/panel-protocol.md). Freestanding: no
/// heap, no exceptions, nothing of the operating system. The same source serves both ends.
namespace mailroom::panel {

inline constexpr std::size_t kPayloadLimit = 240;
inline constexpr std::size_t kBlockLimit = kPayloadLimit + 4;  ///< type, number, payload, CRC
inline constexpr std::size_t kWireLimit = kBlockLimit + 3;  ///< leading zero, one code byte, zero at the end

struct Frame {
  std::uint8_t type = 0;
  std::uint8_t number = 0;
  std::span<const std::uint8_t> payload;
};

/// A frame as it goes onto the line.
class WireFrame {
 public:
  /// `payload` of at most kPayloadLimit bytes; what is longer makes an empty WireFrame.
  WireFrame(std::uint8_t type, std::uint8_t number, std::span<const std::uint8_t> payload);
  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return {bytes_.data(), size_}; }

 private:
  std::array<std::uint8_t, kWireLimit> bytes_{};
  std::size_t size_ = 0;
};

/// Finds frames in a stream of bytes. What is damaged, too long or cut is counted and skipped up to the
/// next zero byte; nothing that was on the line before matters after it.
class FrameReader {
 public:
  /// True when this byte ended a sound frame; frame() is valid until the next call.
  bool push(std::uint8_t byte);
  [[nodiscard]] const Frame& frame() const { return frame_; }
  [[nodiscard]] std::uint32_t damaged() const { return damaged_; }

 private:
  bool end_of_block();

  std::array<std::uint8_t, kBlockLimit + 1> block_{};  // one byte more: the last zero that COBS implies
  std::size_t size_ = 0;
  std::uint8_t left_ = 0;   // bytes of the present COBS group still to come
  bool zero_owed_ = false;  // a zero stands between this group and the next
  bool begun_ = false;
  bool spoilt_ = false;
  std::uint32_t damaged_ = 0;
  Frame frame_;
};

}  // namespace mailroom::panel
