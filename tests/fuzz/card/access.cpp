#include "drivers/card/eac/eac_crypto.h"

using namespace mailroom;
using namespace mailroom::card;

// EF.CardAccess is read by libeac before anything is proven.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto crypto = EacCrypto::begin(ByteView(data, size));
  if (crypto) {
    (void)crypto->pace_protocol();
    (void)crypto->chip_protocol();
  }
  return 0;
}
