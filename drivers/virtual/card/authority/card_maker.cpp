#include "drivers/virtual/card/authority/card_maker.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/objects.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <vector>

#include "daemon/crypto/issue_certificate.h"
#include "drivers/card/apdu/tlv.h"
#include "drivers/card/eid/identifiers.h"

namespace mailroom::card {
namespace {

constexpr std::uint8_t kBrainpoolP256r1 = 13;  // TR-03110-3 A.2.1.1, standardised domain parameters
constexpr std::uint8_t kChipKeyNumber = 0x41, kPseudonymKeyNumber = 0x01;

void must(bool worked) {
  if (!worked) throw std::runtime_error("OpenSSL cannot sign the data of a card");
}

Bytes sequence(std::initializer_list<Bytes> parts) {
  Bytes content;
  for (const auto& part : parts) content = joined(std::move(content), part);
  return tlv(0x30, content);
}

Bytes identifier(std::initializer_list<std::uint8_t> arcs) { return tlv(0x06, bsi_identifier(arcs)); }
Bytes number(std::uint8_t value) { return tlv(0x02, Bytes{value}); }

/// DER: the entries of a SET OF in ascending order.
Bytes set_of(std::vector<Bytes> entries) {
  std::sort(entries.begin(), entries.end());
  Bytes content;
  for (const auto& entry : entries) content = joined(std::move(content), entry);
  return tlv(0x31, content);
}

Bytes domain() { return sequence({identifier({1, 2}), number(kBrainpoolP256r1)}); }

std::vector<Bytes> offered() {
  return {sequence({identifier({2, 2, 2}), number(2)}),
          sequence({identifier({2, 2, 4, 2, 2}), number(2), number(kBrainpoolP256r1)}),
          sequence({identifier({2, 2, 3, 2, 2}), number(2), number(kChipKeyNumber)}),
          sequence({identifier({2, 2, 3, 2}), domain(), number(kChipKeyNumber)})};
}

std::vector<Bytes> signed_only(const CurveKey& chip_key) {
  const Bytes bits = tlv(0x03, joined(Bytes{0}, chip_key.point));
  return {sequence({identifier({2, 2, 1, 2}), sequence({domain(), bits}), number(kChipKeyNumber)}),
          sequence({identifier({2, 2, 5, 2, 3}), sequence({number(1), number(kPseudonymKeyNumber), tlv(0x01, Bytes{0})})}),
          sequence({identifier({2, 2, 5, 2}), domain()})};
}

Bytes text_place(const std::string& words) {
  const auto first = words.find('|');
  if (first == std::string::npos) return tlv(0xA1, tlv(0x0C, as_bytes(words)));
  const auto second = words.find('|', first + 1);
  return sequence({tlv(0xAA, tlv(0x0C, as_bytes(words.substr(0, first)))),
                   tlv(0xAB, tlv(0x0C, as_bytes(words.substr(first + 1, second - first - 1)))),
                   tlv(0xAD, tlv(0x13, as_bytes("D"))), tlv(0xAE, tlv(0x13, as_bytes(words.substr(second + 1))))});
}

Bytes group_content(int number, const std::string& words) {
  switch (number) {
    case 1:
    case 2:
    case 10:
    case 11: return tlv(0x13, as_bytes(words));
    case 3:
    case 8:
    case 15: return tlv(0x12, as_bytes(words));
    case 9:
    case 17: return text_place(words);
    case 18: return tlv(0x04, as_bytes(words));
    case 19:
    case 20: return tlv(0xA1, tlv(0x0C, as_bytes(words)));
    default: return tlv(0x0C, as_bytes(words));
  }
}

Identity issue(const std::string& name, Purpose purpose, Timestamp from, Timestamp until, const Identity* issuer) {
  auto key = PrivateKey::generate_ec_p256();
  must(key.has_value());
  CertificateRequest request{purpose, "Muster", "Test", name, {}, from, until};
  auto certificate = issue_certificate(request, *key, issuer);
  must(certificate.has_value());
  return {*std::move(key), *std::move(certificate)};
}

}  // namespace

CardMaker CardMaker::found(const std::string& name, Timestamp from, Timestamp until) {
  Identity country = issue("CSCA " + name, Purpose::authority, from, until, nullptr);
  Identity signer = issue("DS " + name, Purpose::signing, from, until, &country);
  return {std::move(country), std::move(signer)};
}

Bytes sign_card_security(const CardMaker& maker, ByteView content) {
  const std::unique_ptr<BIO, decltype([](BIO* bio) { BIO_free_all(bio); })> input(
      BIO_new_mem_buf(content.data(), int(content.size())));
  const std::unique_ptr<CMS_ContentInfo, decltype([](CMS_ContentInfo* cms) { CMS_ContentInfo_free(cms); })> cms(
      CMS_sign(nullptr, nullptr, nullptr, nullptr, CMS_PARTIAL | CMS_BINARY | CMS_NOSMIMECAP));
  const std::unique_ptr<ASN1_OBJECT, decltype([](ASN1_OBJECT* object) { ASN1_OBJECT_free(object); })> type(
      OBJ_txt2obj(kSecurityObject, 1));
  must(cms && CMS_set1_eContentType(cms.get(), type.get()) == 1 &&
       CMS_add1_signer(cms.get(), maker.document_signer.certificate.handle(), maker.document_signer.key.handle(),
                       EVP_sha256(), CMS_BINARY | CMS_NOSMIMECAP) != nullptr &&
       CMS_set_detached(cms.get(), 0) == 1 && CMS_final(cms.get(), input.get(), nullptr, CMS_BINARY) == 1);
  unsigned char* der = nullptr;
  const int size = i2d_CMS_ContentInfo(cms.get(), &der);
  must(size > 0);
  Bytes octets(der, der + size);
  OPENSSL_free(der);
  return octets;
}

ChipData make_chip(const CardMaker& maker) {
  ChipData chip{set_of(offered()), {}, curve::make_key(), curve::make_key()};
  auto infos = offered();
  for (auto& info : signed_only(chip.chip_key)) infos.push_back(std::move(info));
  chip.card_security = sign_card_security(maker, set_of(std::move(infos)));
  return chip;
}

Bytes data_group(int number, const std::string& words) {
  return tlv(0x60U + unsigned(number), group_content(number, words));
}

}  // namespace mailroom::card
