#include <algorithm>

#include "drivers/card/apdu/tlv.h"
#include "drivers/card/eid/cv_certificate.h"
#include "drivers/card/eid/identifiers.h"
#include "drivers/virtual/card/eid/eid_card.h"
#include "drivers/virtual/card/eid/status.h"

namespace mailroom::card {
namespace {

constexpr std::uint8_t kCan = 2;
constexpr std::size_t kLongestName = 16;

Bytes key_in(ByteView certificate_content) {
  const auto point = find_tlv(certificate_content, {0x7F4E, 0x7F49, 0x86});
  return point ? Bytes(point->begin(), point->end()) : Bytes();
}

/// Whether `below` may follow `above` in a chain.
bool may_issue(CvRole above, CvRole below) {
  if (above == CvRole::authority) return below == CvRole::domestic_verifier || below == CvRole::foreign_verifier;
  return (above == CvRole::domestic_verifier || above == CvRole::foreign_verifier) && below == CvRole::terminal;
}

}  // namespace

void EidCard::start_terminal_side() {
  terminal_ = TerminalSide();
  const auto anchor = read_cv_certificate(card_.trust_anchor);
  if (!anchor) return;
  terminal_.holder = anchor->holder;
  terminal_.key = key_in(anchor->content);
  terminal_.rights = anchor->rights;
}

ResponseApdu EidCard::choose_certificate(const CommandApdu& command) {
  if (!secure_ || !asked_ || terminal_.done) return {{}, status::kOutOfOrder};
  const auto name = find_tlv(command.data, 0x83);
  if (!name || name->size() > kLongestName) return {{}, status::kWrongData};
  terminal_.reference = as_text(*name);
  return {{}, terminal_.reference == terminal_.holder ? status::kDone : status::kReferenceUnknown};
}

ResponseApdu EidCard::verify_certificate(const CommandApdu& command) {
  if (!secure_ || terminal_.reference.empty() || terminal_.reference != terminal_.holder)
    return {{}, status::kOutOfOrder};
  const auto certificate = read_cv_certificate(tlv(0x7F21, command.data));
  const auto body = find_tlv(command.data, 0x7F4E), signature = find_tlv(command.data, 0x5F37);
  if (!certificate || !body || !signature) return {{}, status::kWrongData};
  const bool good = certificate->authority == terminal_.holder &&
                    may_issue(terminal_.rights.role(), certificate->rights.role()) &&
                    certificate->expires >= card_.today &&
                    curve::is_signed(terminal_.key, tlv(0x7F4E, *body), *signature);
  if (!good) return {{}, status::kWrongSecureMessaging};
  // A chip has no clock: it takes the newest day that a certificate of the authorities shows.
  card_.today = std::max(card_.today, certificate->effective);
  const Rights agreed = terminal_.rights.without_role().and_also(certificate->rights.without_role());
  const auto role = std::uint64_t(certificate->rights.role()) << 38U;
  std::uint64_t bits = 0;
  for (const std::uint8_t octet : agreed.octets()) bits = bits << 8U | octet;
  terminal_.rights = Rights(bits | role);
  terminal_.holder = certificate->holder;
  terminal_.key = key_in(certificate->content);
  terminal_.sectors = certificate->sector_digests;
  terminal_.reference.clear();
  return {{}, status::kDone};
}

ResponseApdu EidCard::name_terminal(const CommandApdu& command) {
  if (!secure_ || terminal_.rights.role() != CvRole::terminal) return {{}, status::kOutOfOrder};
  const auto name = find_tlv(command.data, 0x83), key = find_tlv(command.data, 0x91);
  if (!name || as_text(*name) != terminal_.holder || !key) return {{}, status::kReferenceUnknown};
  terminal_.ephemeral.assign(key->begin(), key->end());
  const auto auxiliary = find_tlv(command.data, 0x67);
  if (auxiliary) terminal_.auxiliary = tlv(0x67, *auxiliary);
  terminal_.named = true;
  return {{}, status::kDone};
}

ResponseApdu EidCard::external_authenticate(const CommandApdu& command) {
  if (!terminal_.named || terminal_.challenge.empty()) return {{}, status::kOutOfOrder};
  Bytes message = joined(card_id_, std::exchange(terminal_.challenge, {}));
  message = joined(joined(std::move(message), terminal_.ephemeral), terminal_.auxiliary);
  if (!curve::is_signed(terminal_.key, message, command.data)) return {{}, status::kFailed};
  const Rights granted = terminal_.rights.and_also(*asked_);
  if (proven_ == kCan && !granted.has(Right::can_allowed)) return {{}, status::kForbidden};
  // With the PIN of the letter nothing but a change of the PIN is open.
  if (proven_ != kCan && card_.passwords.transport) return {{}, status::kOutOfOrder};
  terminal_.rights = granted;
  terminal_.done = true;
  return {{}, status::kDone};
}

}  // namespace mailroom::card
