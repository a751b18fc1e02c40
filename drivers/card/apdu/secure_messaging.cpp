#include "drivers/card/apdu/secure_messaging.h"

#include <optional>

#include "daemon/crypto/digest.h"
#include "drivers/card/apdu/tlv.h"

namespace mailroom::card {
namespace {

constexpr std::uint8_t kSecureClass = 0x0C;  // secure messaging, header authenticated
constexpr std::uint32_t kCryptogram = 0x87, kExpected = 0x97, kStatus = 0x99, kChecksum = 0x8E;

tl::unexpected<Error> malformed(const char* what) {
  return fail(Errc::corrupt, std::string("a protected message of the card is malformed: ") + what);
}

/// The data objects of a protected message.
struct Parts {
  Bytes covered;  ///< all but the checksum, as they came
  std::optional<ByteView> cryptogram, expected, status, checksum;
};

Result<Parts> parts_of(ByteView message) {
  MAILROOM_TRY(const auto objects, read_tlv(message));
  Parts parts;
  for (const auto& object : objects) {
    if (parts.checksum) return malformed("something follows the checksum");
    std::optional<ByteView>* part = object.tag == kCryptogram ? &parts.cryptogram
                                    : object.tag == kExpected ? &parts.expected
                                    : object.tag == kStatus   ? &parts.status
                                    : object.tag == kChecksum ? &parts.checksum
                                                              : nullptr;
    if (part == nullptr) return malformed("an unknown data object");
    if (part->has_value()) return malformed("a data object twice");
    *part = object.value;
  }
  if (!parts.checksum) {
    return fail(Errc::refused, "a message of the card is not protected although it has to be");
  }
  const std::size_t checksum = 2 + parts.checksum->size();
  if (parts.checksum->size() > 0x7F || checksum > message.size()) return malformed("the checksum's length");
  parts.covered.assign(message.begin(), message.end() - std::ptrdiff_t(checksum));
  return parts;
}

Bytes expected_octets(std::size_t expect, bool extended) {
  if (extended) return {std::uint8_t(expect >> 8U), std::uint8_t(expect)};
  return {std::uint8_t(expect)};
}

/// What the checksum of a command covers: the padded header, then the objects.
Bytes with_header(const CommandApdu& command, ByteView objects, std::size_t block) {
  const Bytes header = padded({command.cla, command.ins, command.p1, command.p2}, block);
  // A header alone is a whole block already.
  return objects.empty() ? header : padded(joined(header, objects), block);
}

}  // namespace

Bytes padded(Bytes data, std::size_t block) {
  data.push_back(0x80);
  data.resize((data.size() + block - 1) / block * block);
  return data;
}

Result<Bytes> unpadded(Bytes data, std::size_t block) {
  for (std::size_t zeros = 0; zeros < block && !data.empty(); ++zeros) {
    const std::uint8_t last = data.back();
    data.pop_back();
    if (last == 0x80) return data;
    if (last != 0) break;
  }
  return malformed("wrong padding");
}

Result<Bytes> SecureMessaging::cryptogram(ByteView data) {
  MAILROOM_TRY(const Bytes hidden, cipher_->encrypt(padded({data.begin(), data.end()}, cipher_->block())));
  return tlv(kCryptogram, joined({0x01}, hidden));
}

Result<Bytes> SecureMessaging::plain(ByteView cryptogram) {
  if (cryptogram.size() < 1 + cipher_->block() || (cryptogram.size() - 1) % cipher_->block() != 0)
    return malformed("the cryptogram's length");
  if (cryptogram[0] != 0x01) return malformed("the padding indicator");
  MAILROOM_TRY(Bytes data, cipher_->decrypt(cryptogram.subspan(1)));
  return unpadded(std::move(data), cipher_->block());
}

Result<void> SecureMessaging::check(ByteView covered, ByteView claimed) {
  MAILROOM_TRY(const Bytes right, cipher_->checksum(covered));
  if (equal_in_constant_time(right, claimed)) return {};
  return fail(Errc::refused, "a protected message was changed, repeated or left out on the way");
}

template <typename T>
Result<T> SecureMessaging::ended_by_failure(Result<T> outcome) {
  if (!outcome) cipher_.reset();
  return outcome;
}

Result<CommandApdu> SecureMessaging::wrap_command(const CommandApdu& command) {
  MAILROOM_TRY_VOID(cipher_->count());
  CommandApdu secure{std::uint8_t(command.cla | kSecureClass), command.ins, command.p1, command.p2};
  const bool extended = command.data.size() > 255 || command.expect.value_or(0) > 256;
  Bytes objects;
  if (!command.data.empty()) {
    MAILROOM_TRY(objects, cryptogram(command.data));
  }
  if (command.expect) objects = joined(objects, tlv(kExpected, expected_octets(*command.expect, extended)));
  MAILROOM_TRY(const Bytes checksum, cipher_->checksum(with_header(secure, objects, cipher_->block())));
  secure.data = joined(objects, tlv(kChecksum, checksum));
  secure.expect = extended || secure.data.size() > 255 ? 65536 : 256;
  return secure;
}

Result<ResponseApdu> SecureMessaging::open_answer(const ResponseApdu& response) {
  MAILROOM_TRY_VOID(cipher_->count());
  MAILROOM_TRY(const Parts parts, parts_of(response.data));
  MAILROOM_TRY_VOID(check(padded(parts.covered, cipher_->block()), *parts.checksum));
  if (!parts.status || parts.status->size() != 2 || parts.expected) return malformed("no status inside");
  const auto status = std::uint16_t((*parts.status)[0] << 8U | (*parts.status)[1]);
  if (status != response.status) return malformed("two different statuses");
  ResponseApdu open{{}, status};
  if (parts.cryptogram) {
    MAILROOM_TRY(open.data, plain(*parts.cryptogram));
  }
  return open;
}

Result<CommandApdu> SecureMessaging::open_command(const CommandApdu& command) {
  MAILROOM_TRY_VOID(cipher_->count());
  MAILROOM_TRY(const Parts parts, parts_of(command.data));
  MAILROOM_TRY_VOID(check(with_header(command, parts.covered, cipher_->block()), *parts.checksum));
  CommandApdu open{std::uint8_t(command.cla & ~kSecureClass), command.ins, command.p1, command.p2};
  if (parts.cryptogram) {
    MAILROOM_TRY(open.data, plain(*parts.cryptogram));
  }
  if (!parts.expected) return open;
  if (parts.expected->empty() || parts.expected->size() > 2) return malformed("the expected length");
  std::size_t expect = 0;
  for (const std::uint8_t octet : *parts.expected) expect = expect << 8U | octet;
  open.expect = expect != 0 ? expect : parts.expected->size() == 1 ? 256 : 65536;
  return open;
}

Result<ResponseApdu> SecureMessaging::close_answer(const ResponseApdu& response) {
  MAILROOM_TRY_VOID(cipher_->count());
  Bytes objects;
  if (!response.data.empty()) {
    MAILROOM_TRY(objects, cryptogram(response.data));
  }
  const Bytes status{std::uint8_t(response.status >> 8U), std::uint8_t(response.status)};
  objects = joined(objects, tlv(kStatus, status));
  MAILROOM_TRY(const Bytes checksum, cipher_->checksum(padded(objects, cipher_->block())));
  return ResponseApdu{joined(objects, tlv(kChecksum, checksum)), response.status};
}

namespace {
tl::unexpected<Error> has_ended() {
  return fail(Errc::illegal_state, "the secure channel to the card has ended");
}
}  // namespace

Result<CommandApdu> SecureMessaging::wrap(const CommandApdu& command) {
  if (ended()) return has_ended();
  return ended_by_failure(wrap_command(command));
}

Result<ResponseApdu> SecureMessaging::unwrap(const ResponseApdu& response) {
  if (ended()) return has_ended();
  return ended_by_failure(open_answer(response));
}

Result<CommandApdu> SecureMessaging::unwrap(const CommandApdu& command) {
  if (ended()) return has_ended();
  return ended_by_failure(open_command(command));
}

Result<ResponseApdu> SecureMessaging::wrap(const ResponseApdu& response) {
  if (ended()) return has_ended();
  return ended_by_failure(close_answer(response));
}

}  // namespace mailroom::card
