#include "firmware/protocol/frame.h"

#include "firmware/protocol/crc.h"

namespace mailroom::panel {

WireFrame::WireFrame(std::uint8_t type, std::uint8_t number, std::span<const std::uint8_t> payload) {
  if (payload.size() > kPayloadLimit) return;
  std::array<std::uint8_t, kBlockLimit> block{};
  std::size_t length = 0;
  block[length++] = type;
  block[length++] = number;
  for (const std::uint8_t byte : payload) block[length++] = byte;
  const std::uint16_t crc = crc16({block.data(), length});
  block[length++] = std::uint8_t(crc & 0xFF);
  block[length++] = std::uint8_t(crc >> 8);

  bytes_[size_++] = 0;  // ends whatever noise came before
  std::size_t code_at = size_++;
  std::uint8_t code = 1;
  for (std::size_t i = 0; i < length; ++i) {  // at most 244 bytes: one group never reaches its limit of 254
    if (block[i] == 0) {
      bytes_[code_at] = code;
      code_at = size_++;
      code = 1;
      continue;
    }
    bytes_[size_++] = block[i];
    ++code;
  }
  bytes_[code_at] = code;
  bytes_[size_++] = 0;
}

bool FrameReader::end_of_block() {
  const bool whole = begun_ && !spoilt_ && left_ == 0 && size_ >= 4;
  const bool anything = begun_ || spoilt_;
  const std::size_t size = size_;
  size_ = 0;
  left_ = 0;
  zero_owed_ = begun_ = spoilt_ = false;
  const std::size_t covered = whole ? size - 2 : 0;
  const auto sum = std::uint16_t(block_[covered] | (block_[covered + 1] << 8));
  if (!whole || crc16({block_.data(), covered}) != sum) {
    if (anything) ++damaged_;
    return false;
  }
  frame_ = {block_[0], block_[1], {block_.data() + 2, covered - 2}};
  return true;
}

bool FrameReader::push(std::uint8_t byte) {
  if (byte == 0) return end_of_block();
  if (spoilt_) return false;
  if (left_ > 0) {
    --left_;
    if (size_ >= kBlockLimit) {
      spoilt_ = true;
      return false;
    }
    block_[size_++] = byte;
    return false;
  }
  if (zero_owed_) {
    if (size_ >= kBlockLimit) {
      spoilt_ = true;
      return false;
    }
    block_[size_++] = 0;
  }
  begun_ = true;
  left_ = std::uint8_t(byte - 1);
  zero_owed_ = byte != 0xFF;
  return false;
}

}  // namespace mailroom::panel
