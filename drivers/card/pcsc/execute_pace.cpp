#include "drivers/card/pcsc/execute_pace.h"

#include <optional>

#include "drivers/card/apdu/tlv.h"

namespace mailroom::card {
namespace {

constexpr std::uint8_t kGetAbilities = 0x01, kEstablish = 0x02;
constexpr std::uint8_t kGermanEid = 0x20, kGenericPace = 0x40;

tl::unexpected<Error> malformed() { return fail(Errc::corrupt, "the card reader's answer about PACE is malformed"); }

Bytes message(std::uint8_t function, ByteView input) {
  return joined({function, std::uint8_t(input.size()), std::uint8_t(input.size() >> 8U)}, input);
}

/// Numbers are little-endian in these messages.
class Fields {
 public:
  explicit Fields(ByteView bytes) : rest_(bytes) {}

  Result<std::uint32_t> number(std::size_t octets) {
    if (rest_.size() < octets) return malformed();
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < octets; ++i) value |= std::uint32_t(rest_[i]) << (8 * i);
    rest_ = rest_.subspan(octets);
    return value;
  }

  Result<Bytes> counted(std::size_t octets_of_length) {
    MAILROOM_TRY(const std::uint32_t size, number(octets_of_length));
    if (rest_.size() < size) return malformed();
    const Bytes value(rest_.begin(), rest_.begin() + std::ptrdiff_t(size));
    rest_ = rest_.subspan(size);
    return value;
  }

 private:
  ByteView rest_;
};

tl::unexpected<Error> fail_reader(std::uint32_t result) {
  switch (result) {
    case 0xF0100001:
      return fail(Errc::device_lost, "the card was taken away while PACE ran at the reader", {},
                  "put it on the reader again and leave it there until the end");
    case 0xF0200001: return fail(Errc::cancelled, "the entry was cancelled at the reader's keypad");
    case 0xF0200002: return fail(Errc::timed_out, "nothing was entered at the reader's keypad");
    default: break;
  }
  return fail(Errc::io, "the card reader cannot run PACE: " + status_text(std::uint16_t(result >> 16U)) +
                            status_text(std::uint16_t(result)));
}

/// The card's own refusal among the reader's results: 0xF00LSSSS, it answered command L of PACE with SSSS.
std::optional<std::uint16_t> card_status_in(std::uint32_t result) {
  if (result == 0xE0000006) return 0x6300;  // the reader found the card's token wrong
  if ((result & 0xFFF00000U) != 0xF0000000U) return std::nullopt;
  return std::uint16_t(result);
}

}  // namespace

Bytes pace_abilities_request() { return message(kGetAbilities, {}); }

bool offers_eid_pace(const Result<Bytes>& answer) {
  if (!answer) return false;
  Fields fields(*answer);
  const auto result = fields.number(4);
  const auto abilities = fields.counted(2);
  return result && *result == 0 && abilities && !abilities->empty() &&
         ((*abilities)[0] & (kGermanEid | kGenericPace)) == (kGermanEid | kGenericPace);
}

Result<Bytes> establish_pace_request(const ReaderPaceOrder& order) {
  if (order.chat.size() > 255 || order.can.size() > 255 || order.certificate_description.size() > 60000)
    return fail(Errc::invalid_input, "too long for the card reader");
  if (order.kind != PasswordKind::can && !order.can.empty())
    return fail(Errc::invalid_input, "a PIN is entered at the keypad and nowhere else");
  const std::size_t described = order.certificate_description.size();
  Bytes input = joined({static_cast<std::uint8_t>(order.kind), std::uint8_t(order.chat.size())}, order.chat);
  input.push_back(std::uint8_t(order.can.size()));
  input = joined(std::move(input), as_bytes(order.can));
  input.push_back(std::uint8_t(described));
  input.push_back(std::uint8_t(described >> 8U));
  return message(kEstablish, joined(std::move(input), order.certificate_description));
}

Result<ReaderPaceResult> read_establish_pace_answer(ByteView answer) {
  Fields fields(answer);
  MAILROOM_TRY(const std::uint32_t result, fields.number(4));
  ReaderPaceResult read;
  if (const auto status = card_status_in(result)) {
    read.status = *status;
    return read;
  }
  if (result != 0) return fail_reader(result);
  MAILROOM_TRY(const Bytes output, fields.counted(2));
  Fields inner(output);
  MAILROOM_TRY(const std::uint32_t status, inner.number(2));
  // The status travels as SW1 SW2.
  read.set_at_status = std::uint16_t((status & 0xFFU) << 8U | status >> 8U);
  MAILROOM_TRY(read.card_access, inner.counted(2));
  MAILROOM_TRY(read.certificate_authority, inner.counted(1));
  MAILROOM_TRY([[maybe_unused]] const Bytes previous, inner.counted(1));
  MAILROOM_TRY(read.card_id, inner.counted(2));
  return read;
}

}  // namespace mailroom::card
