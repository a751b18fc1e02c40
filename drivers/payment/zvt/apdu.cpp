#include "drivers/payment/zvt/apdu.h"

namespace mailroom::payment::zvt {
namespace {

constexpr std::size_t kShortHeader = 3;
constexpr std::size_t kLongHeader = 5;
constexpr std::uint8_t kLong = 0xFF;

bool is_class(std::uint8_t octet) {
  return (octet >= 0x04 && octet <= 0x06) || octet == 0x08 || octet == 0x80 || octet == 0x84;
}

}  // namespace

Bytes encode(const Apdu& apdu) {
  Bytes bytes = {std::uint8_t(apdu.command >> 8U), std::uint8_t(apdu.command & 0xFFU)};
  if (apdu.data.size() < kLong) {
    bytes.push_back(std::uint8_t(apdu.data.size()));
  } else {
    bytes.push_back(kLong);
    bytes.push_back(std::uint8_t(apdu.data.size() & 0xFFU));
    bytes.push_back(std::uint8_t(apdu.data.size() >> 8U));
  }
  bytes.insert(bytes.end(), apdu.data.begin(), apdu.data.end());
  return bytes;
}

void ApduReader::feed(ByteView bytes) {
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

Result<std::optional<Apdu>> ApduReader::next() {
  if (bytes_.empty()) return std::optional<Apdu>();
  if (!is_class(bytes_[0])) {
    Place place;
    place.offset = taken_;
    return fail(Errc::corrupt, "a message of a card terminal begins with an octet that ZVT does not have",
                place);
  }
  if (bytes_.size() < kShortHeader) return std::optional<Apdu>();
  const bool is_long = bytes_[2] == kLong;
  const std::size_t header = is_long ? kLongHeader : kShortHeader;
  if (bytes_.size() < header) return std::optional<Apdu>();
  const std::size_t length = is_long ? std::size_t(bytes_[3]) | std::size_t(bytes_[4]) << 8U : bytes_[2];
  if (bytes_.size() < header + length) return std::optional<Apdu>();
  Apdu apdu;
  apdu.command = std::uint16_t(bytes_[0] << 8U | bytes_[1]);
  const auto begin = bytes_.begin() + std::ptrdiff_t(header);
  const auto end = begin + std::ptrdiff_t(length);
  apdu.data.assign(begin, end);
  bytes_.erase(bytes_.begin(), end);
  taken_ += header + length;
  return std::optional<Apdu>(std::move(apdu));
}

}  // namespace mailroom::payment::zvt
