#include "drivers/payment/zvt/apdu.h"

namespace mailroom::payment::zvt {
namespace {

constexpr std::size_t kShortHeader = 3;
constexpr std::size_t kLongHeader = 5;
constexpr std::uint8_t kLong = 0xFF;  // two octets of length follow, the lower first

}  // namespace

Bytes encode(const Apdu& apdu) {
  Bytes bytes;
  bytes.reserve(kLongHeader + apdu.data.size());
  bytes.push_back(std::uint8_t(apdu.command >> 8U));
  bytes.push_back(std::uint8_t(apdu.command & 0xFFU));
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

std::optional<Apdu> take(Bytes& bytes) {
  if (bytes.size() < kShortHeader) return std::nullopt;
  const bool is_long = bytes[2] == kLong;
  const std::size_t header = is_long ? kLongHeader : kShortHeader;
  if (bytes.size() < header) return std::nullopt;
  const std::size_t length = is_long ? std::size_t(bytes[3]) | std::size_t(bytes[4]) << 8U : bytes[2];
  if (bytes.size() < header + length) return std::nullopt;
  Apdu apdu;
  apdu.command = std::uint16_t(bytes[0] << 8U | bytes[1]);
  const auto begin = bytes.begin() + std::ptrdiff_t(header);
  apdu.data.assign(begin, begin + std::ptrdiff_t(length));
  bytes.erase(bytes.begin(), begin + std::ptrdiff_t(length));
  return apdu;
}

}  // namespace mailroom::payment::zvt
