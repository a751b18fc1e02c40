#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"

/// Commands to a card and its answers (ISO/IEC 7816-4 §5). All functions are reentrant.
namespace mailroom::card {

struct CommandApdu {
  std::uint8_t cla = 0;
  std::uint8_t ins = 0;
  std::uint8_t p1 = 0;
  std::uint8_t p2 = 0;
  Bytes data = {};                        ///< at most 65535 octets
  std::optional<std::size_t> expect = {};  ///< most octets wanted back (Ne), 1 to 65536; none: no data
};

struct ResponseApdu {
  Bytes data;
  std::uint16_t status = 0;  ///< SW1 SW2

  [[nodiscard]] bool ok() const { return status == 0x9000; }
};

/// The octets on the wire: short when everything fits, else extended. Errc::invalid_input when data or
/// expectation are beyond what an APDU can carry.
Result<Bytes> encode(const CommandApdu& command);
Bytes encode(const ResponseApdu& response);

/// Errc::corrupt for octets that are no command. What the virtual cards read.
Result<CommandApdu> decode_command(ByteView bytes);

/// Errc::device_lost for less than two octets: that is what a reader gives when the card was torn out.
Result<ResponseApdu> decode_response(ByteView bytes);

/// "6982", for errors.
std::string status_text(std::uint16_t status);

}  // namespace mailroom::card
