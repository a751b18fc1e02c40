#include "drivers/card/pcsc/pcsc_card.h"

#include <reader.h>

#include <array>
#include <optional>

#include "drivers/card/pcsc/execute_pace.h"
#include "drivers/card/pcsc/pcsc_error.h"

namespace mailroom::card {
namespace {

constexpr std::size_t kLongestAnswer = 65538;

class PcscCard final : public Card {
 public:
  PcscCard(SCARDHANDLE handle, DWORD protocol, std::string reader)
      : handle_(handle), protocol_(protocol), reader_(std::move(reader)), answer_(kLongestAnswer) {
    find_features();
  }
  ~PcscCard() override { SCardDisconnect(handle_, SCARD_RESET_CARD); }
  PcscCard(const PcscCard&) = delete;
  PcscCard& operator=(const PcscCard&) = delete;

  Result<ResponseApdu> transmit(const CommandApdu& command) override;
  [[nodiscard]] bool has_keypad() const override { return pace_control_.has_value(); }
  Result<ReaderPaceResult> establish_pace(const ReaderPaceOrder& order) override;

 private:
  void find_features();
  Result<Bytes> control(DWORD code, ByteView input);

  SCARDHANDLE handle_;
  DWORD protocol_;
  std::string reader_;
  Bytes answer_;
  std::optional<DWORD> pace_control_;
};

/// PC/SC part 10 §2.2: objects of tag, length 4, control code in the byte order of the network.
void PcscCard::find_features() {
  const auto features = control(CM_IOCTL_GET_FEATURE_REQUEST, {});
  if (!features) return;
  for (std::size_t at = 0; at + 6 <= features->size(); at += 6) {
    const auto* entry = features->data() + at;
    if (entry[0] != FEATURE_EXECUTE_PACE || entry[1] != 4) continue;
    pace_control_ = DWORD(entry[2]) << 24U | DWORD(entry[3]) << 16U | DWORD(entry[4]) << 8U | entry[5];
  }
  if (pace_control_ && !offers_eid_pace(control(*pace_control_, pace_abilities_request()))) pace_control_.reset();
}

Result<Bytes> PcscCard::control(DWORD code, ByteView input) {
  DWORD size = 0;
  const LONG outcome = SCardControl(handle_, code, input.data(), DWORD(input.size()), answer_.data(),
                                    DWORD(answer_.size()), &size);
  if (outcome != SCARD_S_SUCCESS) return fail_pcsc(outcome, "a command to the card reader", reader_);
  return Bytes(answer_.begin(), answer_.begin() + std::ptrdiff_t(size));
}

Result<ResponseApdu> PcscCard::transmit(const CommandApdu& command) {
  MAILROOM_TRY(const Bytes octets, encode(command));
  const SCARD_IO_REQUEST way{protocol_, sizeof(SCARD_IO_REQUEST)};
  DWORD size = DWORD(answer_.size());
  const LONG outcome = SCardTransmit(handle_, &way, octets.data(), DWORD(octets.size()), nullptr, answer_.data(), &size);
  if (outcome != SCARD_S_SUCCESS) return fail_pcsc(outcome, "a command to the card", reader_);
  return decode_response(ByteView(answer_).first(size));
}

Result<ReaderPaceResult> PcscCard::establish_pace(const ReaderPaceOrder& order) {
  if (!pace_control_)
    return fail(Errc::unsupported, "this card reader has no keypad", Place::on_device(reader_),
                "use a comfort reader (BSI TR-03119, Cat-K or Cat-C)");
  MAILROOM_TRY(const Bytes request, establish_pace_request(order));
  MAILROOM_TRY(const Bytes answer, control(*pace_control_, request));
  return read_establish_pace_answer(answer);
}

}  // namespace

Result<std::unique_ptr<Card>> connect_card(SCARDCONTEXT context, const std::string& reader) {
  SCARDHANDLE handle = 0;
  DWORD protocol = 0;
  const LONG code = SCardConnect(context, reader.c_str(), SCARD_SHARE_EXCLUSIVE,
                                 SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &handle, &protocol);
  if (code != SCARD_S_SUCCESS) return fail_pcsc(code, "connecting to the card", reader);
  return std::make_unique<PcscCard>(handle, protocol, reader);
}

}  // namespace mailroom::card
