#include "drivers/card/apdu/secure_messaging.h"

using namespace mailroom;
using namespace mailroom::card;

namespace {

/// Accepts the checksum of eight zeros, so that what lies behind it is reached.
class OpenCipher final : public SessionCipher {
 public:
  Result<void> count() override { return {}; }
  Result<Bytes> encrypt(ByteView data) override { return Bytes(data.begin(), data.end()); }
  Result<Bytes> decrypt(ByteView data) override { return Bytes(data.begin(), data.end()); }
  Result<Bytes> checksum(ByteView) override { return Bytes(8); }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes(data, size);
  SecureMessaging terminal(std::make_unique<OpenCipher>()), card(std::make_unique<OpenCipher>());
  if (const auto answer = decode_response(bytes)) (void)terminal.unwrap(*answer);
  if (const auto command = decode_command(bytes)) (void)card.unwrap(*command);
  return 0;
}
