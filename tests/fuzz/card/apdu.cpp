#include <cstdlib>

#include "drivers/card/apdu/apdu.h"
#include "drivers/card/pcsc/execute_pace.h"

using namespace mailroom;
using namespace mailroom::card;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes(data, size);
  (void)decode_response(bytes);
  (void)read_establish_pace_answer(bytes);
  (void)offers_eid_pace(Result<Bytes>(Bytes(bytes.begin(), bytes.end())));
  const auto command = decode_command(bytes);
  if (!command) return 0;
  const auto octets = encode(*command);
  const auto again = octets ? decode_command(*octets) : Result<CommandApdu>(fail(octets.error()));
  if (!again || again->data != command->data || again->expect != command->expect) std::abort();
  return 0;
}
