#include "drivers/card/eid/cv_certificate.h"

#include <algorithm>

#include "daemon/crypto/digest.h"
#include "drivers/card/apdu/tlv.h"
#include "drivers/card/eid/identifiers.h"

namespace mailroom::card {
namespace {

constexpr std::uint32_t kCertificate = 0x7F21, kBody = 0x7F4E, kAuthority = 0x42, kPublicKey = 0x7F49,
                        kHolder = 0x5F20, kChat = 0x7F4C, kEffective = 0x5F25, kExpires = 0x5F24,
                        kExtensions = 0x65, kExtension = 0x73, kIdentifier = 0x06;

tl::unexpected<Error> malformed(const char* what) {
  return fail(Errc::corrupt, std::string("a card verifiable certificate is malformed: ") + what);
}

Result<std::string> read_reference(ByteView body, std::uint32_t tag) {
  MAILROOM_TRY(const ByteView value, find_tlv(body, tag));
  const bool printable = std::all_of(value.begin(), value.end(), [](auto c) { return c >= 0x20 && c < 0x7F; });
  if (value.empty() || value.size() > 16 || !printable) return malformed("a reference");
  return std::string(as_text(value));
}

/// YYMMDD, a digit an octet.
Result<std::chrono::sys_days> read_day(ByteView body, std::uint32_t tag) {
  MAILROOM_TRY(const ByteView digits, find_tlv(body, tag));
  if (digits.size() != 6 || std::any_of(digits.begin(), digits.end(), [](auto d) { return d > 9; }))
    return malformed("a date");
  const std::chrono::year_month_day day{std::chrono::year(2000 + digits[0] * 10 + digits[1]),
                                        std::chrono::month(unsigned(digits[2] * 10 + digits[3])),
                                        std::chrono::day(unsigned(digits[4] * 10 + digits[5]))};
  if (!day.ok()) return malformed("a date");
  return std::chrono::sys_days(day);
}

Result<Rights> read_rights(ByteView body) {
  MAILROOM_TRY(const ByteView chat, find_tlv(body, kChat));
  MAILROOM_TRY(const ByteView type, find_tlv(chat, kIdentifier));
  if (!std::ranges::equal(type, authentication_terminal())) return malformed("it is for another kind of terminal");
  MAILROOM_TRY(const ByteView octets, find_tlv(chat, 0x53));
  return Rights::read(octets);
}

Result<void> read_extensions(ByteView extensions, CvCertificate& certificate) {
  MAILROOM_TRY(const auto list, read_tlv(extensions));
  for (const auto& extension : list) {
    if (extension.tag != kExtension) return malformed("an extension");
    MAILROOM_TRY(const auto parts, read_tlv(extension.value));
    if (parts.empty() || parts[0].tag != kIdentifier) return malformed("an extension");
    const bool description = std::ranges::equal(parts[0].value, bsi_identifier(arcs::kDescription));
    const bool sector = std::ranges::equal(parts[0].value, bsi_identifier(arcs::kSector));
    for (const auto& part : parts) {
      const Bytes value(part.value.begin(), part.value.end());
      if (description && part.tag == 0x80) certificate.description_digest = value;
      if (sector && (part.tag == 0x80 || part.tag == 0x81)) certificate.sector_digests.push_back(value);
    }
  }
  return {};
}

bool has_object(ByteView body, std::uint32_t tag) {
  const auto objects = read_tlv(body);
  return objects && std::any_of(objects->begin(), objects->end(), [&](const Tlv& one) { return one.tag == tag; });
}

std::string called(const CvCertificate& certificate) { return "the certificate " + certificate.holder; }

EidResult<void> check_days(const CvCertificate& certificate, std::chrono::sys_days today) {
  if (today < certificate.effective)
    return refuse(EidFault::certificate_not_yet_valid, Errc::refused, called(certificate) + " is not valid yet");
  if (today > certificate.expires)
    return refuse(EidFault::certificate_expired, Errc::refused, called(certificate) + " has expired");
  return {};
}

EidResult<void> check_issued(const CvCertificate& certificate, const CvCertificate& issuer) {
  if (certificate.authority == issuer.holder) return {};
  return refuse(EidFault::certificate_chain, Errc::refused,
                called(certificate) + " names " + certificate.authority + " as its issuer and not " + issuer.holder);
}

EidResult<void> check_roles(const TerminalChain& chain) {
  const auto middle = chain.verifier.rights.role();
  const bool right = chain.anchor.rights.role() == CvRole::authority &&
                     (middle == CvRole::domestic_verifier || middle == CvRole::foreign_verifier) &&
                     chain.terminal.rights.role() == CvRole::terminal;
  if (right) return {};
  return refuse(EidFault::certificate_chain, Errc::refused,
                "the chain is not one of CVCA, document verifier and terminal");
}

EidResult<void> check_description(const TerminalChain& chain) {
  if (!chain.terminal.description_digest && chain.description.empty()) return {};
  if (chain.terminal.description_digest && sha256(chain.description) == *chain.terminal.description_digest) return {};
  return refuse(EidFault::certificate_chain, Errc::refused,
                "the certificate description is not the one the terminal's certificate names");
}

}  // namespace

Result<CvCertificate> read_cv_certificate(ByteView object) {
  MAILROOM_TRY(const auto objects, read_tlv(object));
  if (objects.size() != 1 || objects[0].tag != kCertificate) return malformed("it is no object 7F21");
  CvCertificate certificate;
  certificate.object.assign(object.begin(), object.end());
  certificate.content.assign(objects[0].value.begin(), objects[0].value.end());
  MAILROOM_TRY(const ByteView body, find_tlv(certificate.content, kBody));
  MAILROOM_TRY(certificate.authority, read_reference(body, kAuthority));
  MAILROOM_TRY(certificate.holder, read_reference(body, kHolder));
  MAILROOM_TRY(const ByteView scheme, find_tlv(body, {kPublicKey, kIdentifier}));
  certificate.signature_scheme.assign(scheme.begin(), scheme.end());
  MAILROOM_TRY(certificate.rights, read_rights(body));
  MAILROOM_TRY(certificate.effective, read_day(body, kEffective));
  MAILROOM_TRY(certificate.expires, read_day(body, kExpires));
  if (has_object(body, kExtensions)) {
    MAILROOM_TRY(const ByteView extensions, find_tlv(body, kExtensions));
    MAILROOM_TRY_VOID(read_extensions(extensions, certificate));
  }
  return certificate;
}

Rights TerminalChain::rights() const {
  return terminal.rights.and_also(verifier.rights).and_also(anchor.rights).without_role();
}

EidResult<void> check_chain(const TerminalChain& chain, Timestamp now) {
  const auto today = std::chrono::floor<std::chrono::days>(now);
  MAILROOM_EID_TRY_VOID(EidFault::certificate_chain, check_roles(chain));
  MAILROOM_EID_TRY_VOID(EidFault::certificate_chain, check_issued(chain.verifier, chain.anchor));
  MAILROOM_EID_TRY_VOID(EidFault::certificate_chain, check_issued(chain.terminal, chain.verifier));
  for (const auto* certificate : {&chain.anchor, &chain.verifier, &chain.terminal})
    MAILROOM_EID_TRY_VOID(EidFault::certificate_expired, check_days(*certificate, today));
  return check_description(chain);
}

}  // namespace mailroom::card
