#include "drivers/card/apdu/tlv.h"

namespace mailroom::card {
namespace {

constexpr std::size_t kLongestTag = 3;

tl::unexpected<Error> cut_off() { return fail(Errc::corrupt, "a data object of the card is cut off"); }

/// Takes octets from the front of a view.
class Cursor {
 public:
  explicit Cursor(ByteView bytes) : rest_(bytes) {}
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

  Result<std::uint8_t> octet() {
    if (rest_.empty()) return cut_off();
    const std::uint8_t value = rest_.front();
    rest_ = rest_.subspan(1);
    return value;
  }

  Result<ByteView> take(std::size_t size) {
    if (size > rest_.size()) return cut_off();
    const ByteView taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }

 private:
  ByteView rest_;
};

Result<std::uint32_t> read_tag(Cursor& cursor) {
  MAILROOM_TRY(std::uint8_t octet, cursor.octet());
  std::uint32_t tag = octet;
  if ((octet & 0x1FU) != 0x1FU) return tag;
  for (std::size_t size = 1; size < kLongestTag; ++size) {
    MAILROOM_TRY(octet, cursor.octet());
    tag = tag << 8U | octet;
    if ((octet & 0x80U) == 0) return tag;
  }
  return fail(Errc::corrupt, "a data object of the card has a tag of more than three octets");
}

Result<std::size_t> read_length(Cursor& cursor) {
  MAILROOM_TRY(const std::uint8_t first, cursor.octet());
  if (first < 0x80U) return std::size_t{first};
  const unsigned octets = first & 0x7FU;
  if (octets == 0) return fail(Errc::corrupt, "a data object of the card has no definite length");
  if (octets > 3) return fail(Errc::corrupt, "a data object of the card claims to be larger than any card");
  std::size_t length = 0;
  for (unsigned i = 0; i < octets; ++i) {
    MAILROOM_TRY(const std::uint8_t octet, cursor.octet());
    length = length << 8U | octet;
  }
  return length;
}

void append_big_endian(Bytes& bytes, std::size_t value) {
  bool begun = false;
  for (int shift = 24; shift >= 0; shift -= 8) {
    const auto octet = std::uint8_t(value >> unsigned(shift));
    begun = begun || octet != 0 || shift == 0;
    if (begun) bytes.push_back(octet);
  }
}

}  // namespace

Result<std::vector<Tlv>> read_tlv(ByteView bytes) {
  std::vector<Tlv> objects;
  Cursor cursor(bytes);
  while (!cursor.at_end()) {
    if (objects.size() == kMostObjects) return fail(Errc::corrupt, "the card's answer has too many data objects");
    MAILROOM_TRY(const std::uint32_t tag, read_tag(cursor));
    MAILROOM_TRY(const std::size_t length, read_length(cursor));
    MAILROOM_TRY(const ByteView value, cursor.take(length));
    objects.push_back({tag, value});
  }
  return objects;
}

Result<ByteView> find_tlv(ByteView bytes, std::uint32_t tag) {
  MAILROOM_TRY(const auto objects, read_tlv(bytes));
  const Tlv* found = nullptr;
  for (const auto& object : objects) {
    if (object.tag != tag) continue;
    if (found != nullptr) return fail(Errc::corrupt, "a data object is there twice in the card's answer");
    found = &object;
  }
  if (found == nullptr) return fail(Errc::corrupt, "a data object is missing in the card's answer");
  return found->value;
}

Result<ByteView> find_tlv(ByteView bytes, std::initializer_list<std::uint32_t> path) {
  for (const std::uint32_t tag : path) {
    MAILROOM_TRY(bytes, find_tlv(bytes, tag));
  }
  return bytes;
}

Bytes tlv(std::uint32_t tag, ByteView value) {
  Bytes bytes;
  bytes.reserve(value.size() + 7);
  append_big_endian(bytes, tag);
  Bytes length;
  append_big_endian(length, value.size());
  if (value.size() >= 0x80U) bytes.push_back(std::uint8_t(0x80U | length.size()));
  bytes.insert(bytes.end(), length.begin(), length.end());
  bytes.insert(bytes.end(), value.begin(), value.end());
  return bytes;
}

Bytes joined(Bytes bytes, ByteView more) {
  bytes.insert(bytes.end(), more.begin(), more.end());
  return bytes;
}

}  // namespace mailroom::card
