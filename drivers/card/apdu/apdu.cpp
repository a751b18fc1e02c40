#include "drivers/card/apdu/apdu.h"

namespace mailroom::card {
namespace {

constexpr std::size_t kShortData = 255;
constexpr std::size_t kShortExpect = 256;
constexpr std::size_t kLongData = 65535;
constexpr std::size_t kLongExpect = 65536;

void append_two(Bytes& bytes, std::size_t value) {
  bytes.push_back(std::uint8_t(value >> 8U));
  bytes.push_back(std::uint8_t(value));
}

std::size_t two_at(ByteView bytes, std::size_t at) { return std::size_t(bytes[at]) << 8U | bytes[at + 1]; }

tl::unexpected<Error> no_command() { return fail(Errc::corrupt, "these octets are no command to a card"); }

/// What follows the header of a short command: [Lc data] [Le].
Result<CommandApdu> decode_short(CommandApdu command, ByteView body) {
  const auto expected = [](std::uint8_t le) { return le == 0 ? kShortExpect : std::size_t{le}; };
  if (body.size() == 1) {
    command.expect = expected(body[0]);
    return command;
  }
  const std::size_t size = body[0];
  if (size == 0 || (body.size() != 1 + size && body.size() != 2 + size)) return no_command();
  command.data.assign(body.begin() + 1, body.begin() + 1 + std::ptrdiff_t(size));
  if (body.size() == 2 + size) command.expect = expected(body.back());
  return command;
}

/// What follows the header and the zero of an extended one: [Lc Lc data] [Le Le].
Result<CommandApdu> decode_extended(CommandApdu command, ByteView body) {
  const auto expected = [](std::size_t le) { return le == 0 ? kLongExpect : le; };
  if (body.size() < 2) return no_command();
  if (body.size() == 2) {
    command.expect = expected(two_at(body, 0));
    return command;
  }
  const std::size_t size = two_at(body, 0);
  if (size == 0 || (body.size() != 2 + size && body.size() != 4 + size)) return no_command();
  command.data.assign(body.begin() + 2, body.begin() + 2 + std::ptrdiff_t(size));
  if (body.size() == 4 + size) command.expect = expected(two_at(body, 2 + size));
  return command;
}

}  // namespace

Result<Bytes> encode(const CommandApdu& command) {
  const std::size_t expect = command.expect.value_or(0);
  if (command.data.size() > kLongData || expect > kLongExpect || (command.expect && expect == 0))
    return fail(Errc::invalid_input, "a command to a card is larger than cards allow");
  const bool extended = command.data.size() > kShortData || expect > kShortExpect;
  Bytes bytes{command.cla, command.ins, command.p1, command.p2};
  if (extended) bytes.push_back(0);
  if (!command.data.empty()) {
    if (extended) append_two(bytes, command.data.size());
    else bytes.push_back(std::uint8_t(command.data.size()));
    bytes.insert(bytes.end(), command.data.begin(), command.data.end());
  }
  if (command.expect) {
    if (extended) append_two(bytes, expect);
    else bytes.push_back(std::uint8_t(expect));
  }
  return bytes;
}

Bytes encode(const ResponseApdu& response) {
  Bytes bytes = response.data;
  append_two(bytes, response.status);
  return bytes;
}

Result<CommandApdu> decode_command(ByteView bytes) {
  if (bytes.size() < 4) return no_command();
  const CommandApdu command{bytes[0], bytes[1], bytes[2], bytes[3]};
  const ByteView body = bytes.subspan(4);
  if (body.empty()) return command;
  if (body[0] == 0 && body.size() > 1) return decode_extended(command, body.subspan(1));
  return decode_short(command, body);
}

Result<ResponseApdu> decode_response(ByteView bytes) {
  if (bytes.size() < 2) {
    return fail(Errc::device_lost, "the card was taken away in the middle of a command", {},
                "put it on the reader again and leave it there until the end");
  }
  const ByteView data = bytes.first(bytes.size() - 2);
  return ResponseApdu{{data.begin(), data.end()}, std::uint16_t(two_at(bytes, bytes.size() - 2))};
}

std::string status_text(std::uint16_t status) {
  const Bytes bytes{std::uint8_t(status >> 8U), std::uint8_t(status)};
  return to_hex(bytes);
}

}  // namespace mailroom::card
