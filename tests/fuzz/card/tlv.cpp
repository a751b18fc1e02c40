#include <cstdlib>

#include "drivers/card/apdu/tlv.h"

using namespace mailroom;
using namespace mailroom::card;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes(data, size);
  const auto objects = read_tlv(bytes);
  if (!objects) return 0;
  Bytes again;
  for (const auto& object : *objects) {
    again = joined(std::move(again), tlv(object.tag, object.value));
    (void)find_tlv(bytes, {object.tag, 0x7C, 0x80});
  }
  // What was read and written is read as the same.
  const auto second = read_tlv(again);
  if (!second || second->size() != objects->size()) std::abort();
  return 0;
}
