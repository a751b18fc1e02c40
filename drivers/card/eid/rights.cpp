#include "drivers/card/eid/rights.h"

#include "drivers/card/apdu/tlv.h"
#include "drivers/card/eid/identifiers.h"

namespace mailroom::card {

Result<Rights> Rights::read(ByteView octets) {
  if (octets.size() != 5) return fail(Errc::corrupt, "the rights of a certificate are not 40 bits");
  std::uint64_t bits = 0;
  for (const std::uint8_t octet : octets) bits = bits << 8U | octet;
  return Rights(bits);
}

std::vector<int> Rights::groups() const {
  std::vector<int> numbers;
  for (int number = 1; number <= 22; ++number) {
    if (may_read(number)) numbers.push_back(number);
  }
  return numbers;
}

Bytes Rights::octets() const {
  Bytes octets(5);
  for (unsigned i = 0; i < 5; ++i) octets[i] = std::uint8_t(bits_ >> (32U - 8U * i));
  return octets;
}

Bytes Rights::chat() const {
  return tlv(0x7F4C, joined(tlv(0x06, authentication_terminal()), tlv(0x53, octets())));
}

const Bytes& authentication_terminal() {
  static const Bytes identifier = bsi_identifier({3, 1, 2, 2});
  return identifier;
}

}  // namespace mailroom::card
