#include "drivers/virtual/card/authority/cv_authority.h"

#include "daemon/crypto/digest.h"
#include "drivers/card/apdu/tlv.h"
#include "drivers/card/eid/identifiers.h"

namespace mailroom::card {
namespace {

Bytes six_digits(std::chrono::sys_days day) {
  const std::chrono::year_month_day date(day);
  const unsigned year = unsigned(int(date.year())) % 100, month = unsigned(date.month()), number = unsigned(date.day());
  Bytes digits;
  for (const unsigned part : {year, month, number}) {
    digits.push_back(std::uint8_t(part / 10));
    digits.push_back(std::uint8_t(part % 10));
  }
  return digits;
}

Bytes authorisation(const CvRequest& request) {
  Bytes octets = request.rights.without_role().octets();
  octets[0] = std::uint8_t(octets[0] | unsigned(request.role) << 6U);
  return tlv(0x7F4C, joined(tlv(0x06, authentication_terminal()), tlv(0x53, octets)));
}

Bytes extension(std::initializer_list<std::uint8_t> arcs, const Bytes& digested) {
  return tlv(0x73, joined(tlv(0x06, bsi_identifier(arcs)), tlv(0x80, sha256(digested))));
}

Bytes extensions(const CvRequest& request) {
  Bytes list;
  if (request.description) list = joined(list, extension(arcs::kDescription, *request.description));
  if (request.sector_key) list = joined(list, extension(arcs::kSector, *request.sector_key));
  return list.empty() ? list : tlv(0x65, list);
}

}  // namespace

const Bytes& terminal_signature_scheme() {
  static const Bytes identifier = bsi_identifier({2, 2, 2, 2, 3});
  return identifier;
}

CvParty issue_cv(const CvRequest& request, const CvParty* issuer) {
  CvParty party{curve::make_key(), {}, request.holder};
  const Bytes& scheme = terminal_signature_scheme();
  const Bytes key = issuer == nullptr ? curve::full_public_key(scheme, party.key.point)
                                      : curve::short_public_key(scheme, party.key.point);
  Bytes body = tlv(0x5F29, Bytes{0});
  body = joined(body, tlv(0x42, as_bytes(issuer == nullptr ? request.holder : issuer->holder)));
  body = joined(body, key);
  body = joined(body, tlv(0x5F20, as_bytes(request.holder)));
  body = joined(body, authorisation(request));
  body = joined(body, tlv(0x5F25, six_digits(request.effective)));
  body = joined(body, tlv(0x5F24, six_digits(request.expires)));
  body = tlv(0x7F4E, joined(body, extensions(request)));
  const Bytes signature = curve::sign(issuer == nullptr ? party.key : issuer->key, body);
  party.certificate = tlv(0x7F21, joined(body, tlv(0x5F37, signature)));
  return party;
}

}  // namespace mailroom::card
